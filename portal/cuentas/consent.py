"""What a person agrees to when she signs up (Ley 1581 de 2012), and which text it was.

The text itself is in ``templates/cuentas/_consent.html``. Whoever changes what it says changes the
version too, so that it is known who agreed to what.
"""

CONSENT_VERSION = "2026-11"
