// What the knobs mean for PostgreSQL, and what it refuses, with the place in the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/systems/postgres_settings.h"
#include "simulator/scenario/scenario.h"

namespace replsim::postgres_settings_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

absl::StatusOr<LoadedScenario> TryLoad(const std::string& replication, const std::string& cluster) {
  return LoadScenarioText(
      absl::StrCat("duration: 5s\nworkload: {clients: 16, arrival: {rate: 100/s}}\ncluster: "
                   "{system: postgres, replicas: 2",
                   cluster, "}\nreplication: {", replication, "}\n"),
      "t.yaml", {}, {});
}
std::string RefusalOf(const std::string& replication, const std::string& cluster = "") {
  const auto loaded = TryLoad(replication, cluster);
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}
std::map<std::string, std::string> SettingsOf(const std::string& replication,
                                              const std::string& cluster = "") {
  const auto loaded = TryLoad(replication, cluster);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  if (!loaded.ok()) return {};
  const PostgresSettings settings = PostgresSettingsOf(loaded->scenario);
  return {settings.settings.begin(), settings.settings.end()};
}

TEST(PostgresSettings, EachPresetIsALevelOfSynchronousCommit) {
  const std::map<std::string, std::string> names = {{"off", ""},
                                                    {"local", ""},
                                                    {"remote_write", "FIRST 1 (p, r1, r2)"},
                                                    {"on", "FIRST 1 (p, r1, r2)"},
                                                    {"remote_apply", "FIRST 1 (p, r1, r2)"}};
  for (const auto& [level, standbys] : names) {
    auto settings = SettingsOf(absl::StrCat("preset: \"postgres:", level, "\""));
    EXPECT_EQ(settings["synchronous_commit"], level);
    EXPECT_EQ(settings["synchronous_standby_names"], standbys) << level;
    EXPECT_EQ(settings["wal_sender_timeout"], "60000ms");
    EXPECT_EQ(settings.contains("wal_writer_delay"), level == "off");
  }
  EXPECT_EQ(SettingsOf("preset: \"postgres:off\"")["wal_writer_delay"], "200ms");
}

TEST(PostgresSettings, TheSyncSetIsAListOfStandbys) {
  const auto names = [](const std::string& set) {
    return SettingsOf("preset: \"postgres:on\", sync_set: " + set)["synchronous_standby_names"];
  };
  EXPECT_EQ(names("any 2"), "ANY 2 (p, r1, r2)");
  EXPECT_EQ(names("all"), "FIRST 2 (p, r1, r2)");
  EXPECT_EQ(names("majority"), "ANY 1 (p, r1, r2)");
}

TEST(PostgresSettings, SettingsOfTheServerArePassedOn) {
  EXPECT_EQ(
      SettingsOf("preset: \"postgres:on\"",
                 ", settings: {wal_retrieve_retry_interval: 100ms}")["wal_retrieve_retry_interval"],
      "100ms");
  EXPECT_EQ(PostgresQuoted("it's\\"), "'it''s\\\\'");
}

TEST(PostgresSettings, ASettingThatAKnobDecidesIsRefused) {
  EXPECT_THAT(
      RefusalOf("preset: \"postgres:on\"", ", settings: {synchronous_commit: local}"),
      AllOf(HasSubstr("t.yaml:3:"), HasSubstr("synchronous_commit follows from the knobs")));
}

TEST(PostgresSettings, WhatPostgresDoesNotHaveNamesTheNearest) {
  EXPECT_THAT(RefusalOf("preset: \"postgres:on\", ack_after: replica-receive"),
              AllOf(HasSubstr("t.yaml:4:"), HasSubstr("nearest is replica-write")));
  EXPECT_THAT(RefusalOf("preset: \"postgres:local\", ack_after: write"),
              HasSubstr("nearest is flush"));
  EXPECT_THAT(RefusalOf("preset: \"postgres:on\", on_timeout: degrade"),
              HasSubstr("nearest is on_timeout: block"));
  EXPECT_THAT(RefusalOf("preset: \"postgres:on\", visible_after: flush"),
              HasSubstr("expected the stage of ack_after"));
  EXPECT_THAT(RefusalOf("preset: \"postgres:on\", send_after: write"),
              HasSubstr("nearest is send_after: flush"));
  EXPECT_THAT(RefusalOf("preset: \"postgres:on\", replica_apply: on-receive"),
              HasSubstr("nearest is replica_apply: on-flush"));
  EXPECT_THAT(RefusalOf("preset: \"postgres:on\", serialize_keys: false"),
              HasSubstr("holds a row's lock"));
  EXPECT_THAT(RefusalOf("preset: \"postgres:on\"", ", durability: {sync: os}"),
              HasSubstr("nearest is every-batch"));
  EXPECT_THAT(RefusalOf("preset: \"postgres:on\"", ", heartbeat: {interval: 1s, timeout: 5s}"),
              HasSubstr("expected half of cluster.heartbeat.timeout"));
  EXPECT_EQ(RefusalOf("preset: \"postgres:on\"", ", heartbeat: {interval: 1s, timeout: 2s}"),
            "accepted");
}

}  // namespace
}  // namespace replsim::postgres_settings_test
