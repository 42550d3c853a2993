"""Holds the JSON Schemas to what replsim reads and writes, with Debian's python3-jsonschema.

usage: validate.py REPLSIM SCENARIOS_DIR WORK_DIR
"""

import glob
import json
import subprocess
import sys

import jsonschema
import yaml

# What the schema must refuse: a scenario that the loader accepts, with one mistake in it.
SOUND = """
duration: 5s
cluster: {replicas: 2, groups: {dc: [p, r1]}, nodes: {r1: {durability: {sync: os}}}}
network:
  - {from: p, to: [r1, r2], delay: {uniform: {min: 1ms, max: 2ms}}, bandwidth: 10Mbit/s}
  - {between: [r1, r2], rtt: 0.8ms}
workload: {arrival: {rate: 100/s}, keys: {count: 9}, value_bytes: 1KiB, read_from: {replicas: 1}}
faults: [{when: {at: 1s}, do: clock-skew, node: r1, offset: -2s}]
failover: {preset: raft, suspect_after: 800ms, granted_by: any 2, never_leads: r1, rejoin: wait}
vary: {replication.preset: [async, sync]}
expect: [{variant: async, acked_lost: "> 0", apply_lag_p99_ms.r1: "< 1s"}]
"""
MISTAKES = [
    ("duration: 5s", "duration: 5"),
    ("duration: 5s", "duration: 5 parsecs"),
    ("duration: 5s", "duration: -5s"),
    ("duration: 5s", "durations: 5s"),
    ("replicas: 2", "replicas: two"),
    ("replicas: 2", "replicas: -2"),
    ("sync: os", "sync: sometimes"),
    ("[p, r1]", "{p: r1}"),
    ("{r1: {durability", "{r1: {durable"),
    ("min: 1ms", "min: 1"),
    ("10Mbit/s", "10Mbit"),
    ("0.8ms", "{uniform: {min: 1ms, max: 2ms}}"),
    ("100/s", "100"),
    ("1KiB", "1 kilo"),
    ("count: 9", "count: many"),
    ("replicas: 1}", "replica: 1}"),
    ("clock-skew", "clock-screw"),
    ("offset: -2s", "offset: --2s"),
    ("preset: raft", "preset: rafft"),
    ("suspect_after: 800ms", "suspect_after: 800"),
    ("any 2", "first 2"),
    ("rejoin: wait", "rejoin: never"),
    ("[async, sync]", "[]"),
    ("acked_lost", "acked_lots"),
    ('"> 0"', '"0"'),
    ("apply_lag_p99_ms.r1", "apply_lag_p99_ms"),
    ("{at: 1s}", "{at: 1s, never: 2s}"),
    ("{at: 1s}", "{point: during-flush}"),
]


def schema_of(replsim, *part):
    schema = json.loads(subprocess.check_output([replsim, "schema", "--json", *part]))
    jsonschema.Draft7Validator.check_schema(schema)
    return schema


def closed(schema):
    """The same schema without room for properties that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result


def check_scenarios(replsim, folder):
    validator = jsonschema.Draft7Validator(schema_of(replsim))
    files = glob.glob(folder + "/*.yaml")
    assert files, folder
    for path in files:
        with open(path) as file:
            for error in validator.iter_errors(yaml.safe_load(file)):
                sys.exit(f"{path}: {error.message} at {list(error.path)}")
    validator.validate(yaml.safe_load(SOUND))
    for sound, mistaken in MISTAKES:
        assert sound in SOUND, sound
        if validator.is_valid(yaml.safe_load(SOUND.replace(sound, mistaken))):
            sys.exit(f"the schema accepts {mistaken}")


def check_report(replsim, folder, work):
    text = subprocess.run(
        [replsim, "run", folder + "/kill-primary-mid-write.yaml", "--runtime", "virtual",
         "--quiet", "--out", work, "--json", "-"], stdout=subprocess.PIPE, text=True).stdout
    report = json.loads(text)
    assert report["schema_version"] == 2 and isinstance(report["runs"][0]["seed"], int)
    schema = schema_of(replsim, "report")
    jsonschema.Draft7Validator(schema).validate(report)
    jsonschema.Draft7Validator(closed(schema)).validate(report)
    report["runs"][0]["seed"] = "42"
    if jsonschema.Draft7Validator(schema).is_valid(report):
        sys.exit("the schema accepts a seed that is text")


if __name__ == "__main__":
    check_scenarios(sys.argv[1], sys.argv[2])
    check_report(sys.argv[1], sys.argv[2], sys.argv[3])
