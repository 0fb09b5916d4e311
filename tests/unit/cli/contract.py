"""The keys that each command's JSON has at least: what scripts and outside checks rely on."""

from __future__ import annotations

STATUS = (
    "state total pending ready in_flight accepted deferred bounced suppressed held expired cancelled unknown "
    "rate eta lanes"
)

KEYS: dict[str, str] = {
    "import": (
        "rows added updated duplicates invalid repaired legacy without_consent suppressed encoding delimiter "
        "import_id seconds"
    ),
    "import --undo": "removed restored",
    "contacts list": "email name legacy",
    "contacts export": "rows damaged",
    "suppress add": "added",
    "suppress remove": "removed",
    "suppress list": "address reason source added_at",
    "suppress import": "rows added invalid",
    "suppress export": "rows",
    "template add": "template",
    "template list": "template subject updated_at",
    "template render": "subject size warnings",
    "route add": "route",
    "route list": (
        "route kind host port tls user rate max_connections daily_quota hourly_quota members rules fallback "
        "warmup"
    ),
    "route set": "route",
    "route show": "route kind daily_quota hourly_quota warmup usage",
    "route usage": "route today hour elsewhere left daily_quota hourly_quota warmup",
    "route remove": "route",
    "route rename": "route was",
    "route test": "ok tls auth banner extensions problem",
    "identity add": "identity",
    "identity list": "address name reply_to postal selector",
    "identity remove": "identity",
    "identity key": "selector records",
    "campaign create": "campaign",
    "campaign list": "campaign name state accepted total",
    "campaign copy": "campaign",
    "campaign take-back": "campaign",
    "campaign check": "red amber green",
    "campaign send": STATUS,
    "campaign status": STATUS,
    "campaign pause": STATUS,
    "campaign resume": STATUS,
    "campaign cancel": STATUS,
    "campaign resend": STATUS,
    "campaign release": STATUS,
    "campaign recipients": (
        "recipient address lane state attempts code enhanced text reason mx tls next_attempt message_id "
        "accepted_at"
    ),
    "lane list": "lane domains mx pace_allowed pace_learned source source_ja dated confidence",
    "lane show": "lane domains mx pace_allowed pace_learned source source_ja dated confidence",
    "lane release": "campaign lane released",
    "lane set": "lane domains mx pace_allowed pace_learned source source_ja dated confidence",
    "simulate": (
        "recipients seed attempts simulated_seconds seconds accepted bounced deferred expired unknown "
        "finished_at stopped campaigns lanes accounts days changes"
    ),
    "config get": "key value",
    "config set": "key value",
    "config list": "key value type default meaning",
    "backup make": "file made_at kind size encrypted contacts campaigns recipients accepted left_out",
    "backup list": "file made_at kind size encrypted contacts campaigns recipients accepted",
    "backup verify": "file made_at kind size encrypted contacts campaigns recipients accepted left_out",
    "backup restore": "file made_at goes_on paused unknown passwords keys attachments aside",
    "backup stay": "stayed",
    "engine status": "pid data version uptime memory",
}

LANE_KEYS = "total accepted deferred bounced pace_allowed pace_actual connections state reason eta"
"""Of each lane in ``lanes``."""
