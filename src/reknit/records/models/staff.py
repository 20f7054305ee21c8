"""Offices and the people who work in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from reknit.vocabulary import Actor, ActorKind, Role


class Office(models.Model):
    """A place of work; cases belong to one."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes members of staff."""

    def create_user(self, email: str, role: Role, office: Office | None, **more: Any) -> User:
        """A member of staff without a password yet: they set one through a one-time link."""
        user = self.model(email=self.normalize_email(email), role=role, office=office, **more)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff. One role, one office; the administrator sees no person."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=30, choices=[(r.value, r.value) for r in Role])
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    sessions_since = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def as_actor(self) -> Actor:
        """Who acts, for guard."""
        return Actor(ActorKind.STAFF, self.pk, Role(self.role), self.office_id)

    def get_session_auth_hash(self) -> str:
        """Sessions end when password, role or office changes, or when all are ended."""
        bound = f"{self.password}|{self.role}|{self.office_id}|{self.sessions_since}"
        return salted_hmac("reknit.session", bound, algorithm="sha256").hexdigest()
