"""Accounts for tests."""

import factory
from django.contrib.auth import get_user_model


class UserFactory(factory.django.DjangoModelFactory):
    """A person with a name and a confirmed consent."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"persona{n}@demo.example")
    first_names = factory.Sequence(lambda n: f"Persona {n}")
    last_names = "(prueba)"
