"""Profiles of the state machine: the usual one, and `--hypothesis-profile=long` for a night."""

from hypothesis import HealthCheck, Phase, settings

# Without the phase that explains a failure: it traces every line and takes minutes.
QUICK = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    database=None,
    print_blob=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
)
settings.register_profile("launches", QUICK)
settings.register_profile("long", QUICK, max_examples=500, stateful_step_count=60)
