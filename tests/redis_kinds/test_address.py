"""What an address of Redis says, and how Celery is told the same."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from supportdesk.broker import broker
from supportdesk.redis_address import BadAddress, several


@pytest.mark.parametrize("url", ["redis://h:1/2", "rediss://:secret@h/0", "unix:///run/redis.sock?db=1"])
def test_one_server_is_left_to_redis_py(url: str) -> None:
    assert several(url) is None


def test_sentinels_with_logins_of_their_own() -> None:
    found = several("rediss+sentinel://ana:p%40ss@a:1,[::1]:2,c/shop/3?sentinel_username=s&sentinel_password=t")
    assert found is not None
    assert found.hosts == (("a", 1), ("::1", 2), ("c", 26379))
    assert (found.master, found.login) == (
        "shop",
        {"ssl": True, "username": "ana", "password": "p@ss", "db": 3},
    )
    assert found.sentinel_options == {"username": "s", "password": "t", "ssl": True}


def test_a_cluster_has_no_database() -> None:
    found = several("redis+cluster://:secret@a:7000,b")
    assert found is not None
    assert found.is_cluster
    assert found.hosts == (("a", 7000), ("b", 6379))
    assert found.login == {"password": "secret"}


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://:hidden@a:1",
        "redis+sentinel://:hidden@/shop",
        "redis+sentinel://:hidden@a:x/shop",
        "redis+sentinel://:hidden@a/shop/one",
    ],
)
def test_what_is_missing_is_said_without_the_password(url: str) -> None:
    with pytest.raises(BadAddress) as refused:
        several(url)
    assert "hidden" not in str(refused.value)


def test_celery_is_told_in_its_own_spelling() -> None:
    assert broker("redis://h/1").url == "redis://h/1"
    assert broker("unix:///a/b.sock?db=2").url == "redis+socket:///a/b.sock?virtual_host=2"
    guarded = broker("redis+sentinel://u:p%40@a:1,b/shop/3?sentinel_password=t")
    assert guarded.url == "sentinel://u:p%40@a:1/3;sentinel://u:p%40@b:26379/3"
    assert guarded.options == {"master_name": "shop", "sentinel_kwargs": {"password": "t"}}


def test_celery_on_a_cluster_is_refused_with_the_way_out() -> None:
    with pytest.raises(ImproperlyConfigured, match="set CELERY_BROKER_URL"):
        broker("redis+cluster://a:1")
