// What configurations of real databases mean, and where their mistakes are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "simulator/choose/config/reading.h"

namespace replsim::choose_config_test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ConfigReading Read(const std::string& text, const std::string& path) {
  const absl::StatusOr<ConfigReading> reading = ReadConfiguration(text, path);
  EXPECT_TRUE(reading.ok()) << reading.status();
  return reading.ok() ? *reading : ConfigReading();
}
ConfigReading Postgres(const std::string& text) { return Read(text, "postgresql.conf"); }

std::string ErrorOf(const std::string& text, const std::string& path) {
  return std::string(ReadConfiguration(text, path).status().message());
}

// "place: text" of each finding.
std::vector<std::string> TextsOf(const ConfigReading& reading) {
  std::vector<std::string> texts;
  for (const ConfigFinding& finding : reading.findings) {
    texts.push_back(finding.place + ": " + finding.text);
  }
  return texts;
}

TEST(ReadPostgres, OnWithoutStandbyNamesIsAsynchronous) {
  const ConfigReading reading = Postgres(
      "# comment\nshared_buffers = 128MB\nsynchronous_commit = on  # safe?\n"
      "#synchronous_standby_names = '*'\n");
  EXPECT_EQ(reading.mode, "postgres:local");
  EXPECT_THAT(reading.compared, ElementsAre("postgres:on"));
  EXPECT_THAT(TextsOf(reading),
              ElementsAre(HasSubstr("postgresql.conf:3: synchronous_commit = on waits for no "
                                    "standby, because synchronous_standby_names is not set")));
  EXPECT_THAT(
      TextsOf(Postgres("synchronous_standby_names = ''\n")),
      ElementsAre(HasSubstr("postgresql.conf:1: synchronous_commit = on (the default) waits "
                            "for no standby, because synchronous_standby_names is empty")));
}

TEST(ReadPostgres, TheLastValueCounts) {
  EXPECT_EQ(Postgres("synchronous_standby_names = 's1, s2'\nsynchronous_commit = off\n"
                     "Synchronous_Commit remote_apply\n")
                .mode,
            "postgres:remote_apply");
}

TEST(ReadPostgres, StandbyNamesAreTheSyncSet) {
  const auto sets_of = [](const std::string& names) {
    const ConfigReading reading = Postgres("synchronous_standby_names = '" + names + "'\n");
    EXPECT_EQ(reading.mode, "postgres:on");
    const auto sets = reading.sets.find("postgres:on");
    const auto named = std::count(names.begin(), names.end(), ',') + 1;
    EXPECT_EQ(reading.replicas, names.find('*') == std::string::npos ? named : 0);
    return sets == reading.sets.end() ? std::vector<std::string>() : sets->second;
  };
  EXPECT_THAT(sets_of("s1, s2"), IsEmpty()) << "FIRST 1, as the preset";
  EXPECT_THAT(sets_of("first 2 (s1, s2, s3)"), ElementsAre("replication.sync_set=first 2"));
  EXPECT_THAT(sets_of("2 (s1, s2, s3)"), ElementsAre("replication.sync_set=first 2"));
  EXPECT_THAT(sets_of("ANY 1 (*)"), ElementsAre("replication.sync_set=any 1"));
}

TEST(ReadPostgres, WhatItIsComparedWithWaitsForTheSameStandbys) {
  const ConfigReading reading = Postgres(
      "synchronous_commit = remote_write\nsynchronous_standby_names = 'ANY 2 (a, b, c)'\n");
  EXPECT_THAT(reading.compared, ElementsAre("postgres:on"));
  for (const char* mode : {"postgres:remote_write", "postgres:on"}) {
    EXPECT_THAT(reading.sets.at(mode), ElementsAre("replication.sync_set=any 2")) << mode;
  }
}

TEST(ReadPostgres, FindsSetsThatCannotWorkOrHaveNoSpare) {
  EXPECT_THAT(TextsOf(Postgres("synchronous_standby_names = 'ANY 2 (a, b)'\n")),
              Contains(HasSubstr("all 2 named standbys must answer")));
  EXPECT_THAT(TextsOf(Postgres("synchronous_standby_names = 'ANY 3 (a, b)'\n")),
              Contains(HasSubstr("a commit waits for 3 standbys, and 2 can count")));
  EXPECT_THAT(TextsOf(Postgres("synchronous_standby_names = 'ANY 1 (a, b)'\n")),
              Not(Contains(HasSubstr("named standbys must answer"))));
}

TEST(ReadPostgres, NamesWithoutAWaitingCommitAreFound) {
  const ConfigReading reading =
      Postgres("synchronous_standby_names = '*'\nsynchronous_commit = local\n");
  EXPECT_EQ(reading.mode, "postgres:local");
  EXPECT_THAT(TextsOf(reading),
              Contains(HasSubstr("postgresql.conf:2: synchronous_commit = local "
                                 "waits for no standby, although "
                                 "synchronous_standby_names (postgresql.conf:1)")));
}

TEST(ReadPostgres, OffHasTheIntervalOfItsWalWriter) {
  const ConfigReading reading =
      Postgres("synchronous_commit = no\nwal_writer_delay = 50\nfsync = off\n");
  EXPECT_EQ(reading.mode, "postgres:off");
  EXPECT_THAT(reading.compared, ElementsAre("postgres:local"));
  EXPECT_THAT(reading.sets.at("postgres:off"),
              ElementsAre("cluster.durability.interval=50ms", "cluster.durability.sync=os"));
  EXPECT_THAT(TextsOf(reading), Contains(HasSubstr("postgresql.conf:3: nothing is flushed")));
}

TEST(ReadPostgres, MistakesHaveFileAndLine) {
  const auto error_of = [](const char* text) { return ErrorOf(text, "/etc/postgresql.conf"); };
  EXPECT_EQ(error_of("\nsynchronous_commit = maybe\n"),
            "/etc/postgresql.conf:2: synchronous_commit = 'maybe': expected on, off, local, "
            "remote_write or remote_apply");
  EXPECT_EQ(error_of("synchronous_standby_names = 'ANY 2 (a, b'\n"),
            "/etc/postgresql.conf:1: synchronous_standby_names = 'ANY 2 (a, b': expected for "
            "example FIRST 1 (s1, s2) or ANY 2 (s1, s2, s3)");
  EXPECT_THAT(error_of("synchronous_standby_names = 'FIRST 0 (a)'\n"), HasSubstr("expected for"));
  EXPECT_THAT(error_of("synchronous_standby_names = '()'\n"), HasSubstr("expected for"));
  EXPECT_THAT(error_of("synchronous_standby_names = 'a,,b'\n"), HasSubstr("is empty"));
  EXPECT_EQ(error_of("port =\n"), "/etc/postgresql.conf:1: 'port =': expected name = value");
  EXPECT_THAT(error_of("a = 'b\n"), HasSubstr(":1: a value in quotes has no closing '"));
  EXPECT_THAT(error_of("a = b c\n"), HasSubstr(":1: 'c' after the value of a"));
}

TEST(ReadPostgres, IncludedFilesAreNamed) {
  EXPECT_THAT(TextsOf(Postgres("include_dir 'conf.d'\nsynchronous_standby_names = '*'\n")),
              Contains("postgresql.conf:1: include_dir conf.d: the other file is not read"));
}

TEST(ReadMysql, SemiSyncWithItsTimeoutAndCount) {
  const ConfigReading reading = Read(
      "[client]\nrpl_semi_sync_source_enabled = 0\n[mysqld]\nrpl-semi-sync-source-enabled\n"
      "loose_rpl_semi_sync_source_timeout = 1000\nrpl_semi_sync_source_wait_point = AFTER_COMMIT\n"
      "rpl_semi_sync_source_wait_for_replica_count=2\n",
      "my.cnf");
  EXPECT_EQ(reading.mode, "mysql:after_commit");
  EXPECT_THAT(reading.compared, ElementsAre("mysql:async"));
  EXPECT_THAT(reading.sets.at("mysql:after_commit"),
              ElementsAre("replication.timeout=1s", "replication.sync_set=any 2"));
  EXPECT_THAT(
      TextsOf(reading),
      ElementsAre(HasSubstr("my.cnf:6: other clients see a commit before a replica has it:"),
                  HasSubstr("my.cnf:5: after 1s without a replica")));
}

TEST(ReadMysql, SemiSyncOfTheReplicaAloneIsAsynchronous) {
  const ConfigReading reading =
      Read("[mysqld]\nrpl_semi_sync_replica_enabled=1\nsync_binlog=0\n", "my.cnf");
  EXPECT_EQ(reading.mode, "mysql:async");
  EXPECT_THAT(TextsOf(reading),
              ElementsAre(HasSubstr("my.cnf:2: semi-synchronous replication is off on the source, "
                                    "although rpl_semi_sync_replica_enabled is set"),
                          HasSubstr("my.cnf:3: sync_binlog = 0: ")));
  EXPECT_THAT(reading.sets.at("mysql:async"), Contains("cluster.durability.sync=os"));
}

TEST(ReadMysql, MariadbHasOtherDefaults) {
  const ConfigReading reading =
      Read("[mariadb]\nrpl_semi_sync_master_enabled=ON\n", "mariadb.conf.d/50-server.cnf");
  EXPECT_EQ(reading.mode, "mariadb:after_commit");
  EXPECT_THAT(TextsOf(reading), Contains(HasSubstr("sync_binlog = 0 (the default of MariaDB)")));
}

TEST(ReadMysql, MistakesHaveFileAndLine) {
  EXPECT_EQ(ErrorOf("[mysqld\n", "my.cnf"), "my.cnf:1: '[mysqld': expected [group]");
  EXPECT_THAT(ErrorOf("sync_binlog=1\n", "my.cnf"), HasSubstr("an option without a [group]"));
  EXPECT_EQ(ErrorOf("[mysqld]\nsync_binlog=x\n", "my.cnf"),
            "my.cnf:2: sync_binlog = 'x': expected a whole number");
  EXPECT_THAT(ErrorOf("[mysqld]\nrpl_semi_sync_master_enabled=1\n"
                      "rpl_semi_sync_master_wait_point=LATER\n",
                      "my.cnf"),
              HasSubstr("my.cnf:3: "));
}

TEST(ReadRedis, MinReplicasIsNoSynchronousWrite) {
  const ConfigReading reading =
      Read("appendonly yes\nappendfsync always\nmin-replicas-to-write 2\nmin-replicas-max-lag 5\n",
           "redis.conf");
  EXPECT_EQ(reading.mode, "redis:default");
  EXPECT_THAT(reading.compared, ElementsAre("redis:wait1"));
  EXPECT_THAT(reading.sets.at("redis:default"), ElementsAre("cluster.durability.sync=every-batch"));
  EXPECT_THAT(TextsOf(reading),
              ElementsAre(HasSubstr("redis.conf:3: no write waits for a replica: "
                                    "min-replicas-to-write only refuses writes when fewer than 2 "
                                    "have been heard for 5s")));
}

TEST(ReadRedis, FsyncWithoutAnAppendOnlyFileHasNoEffect) {
  const ConfigReading reading = Read("save 3600 1 300 100\nappendfsync always\n", "redis.conf");
  EXPECT_THAT(TextsOf(reading),
              Contains(HasSubstr("redis.conf: appendonly is off (the default), so appendfsync = "
                                 "always (redis.conf:2) has no effect")));
  EXPECT_THAT(reading.sets.at("redis:default"), ElementsAre("cluster.durability.sync=os"));
  EXPECT_EQ(ErrorOf("appendfsync sometimes\n", "redis.conf"),
            "redis.conf:1: appendfsync = 'sometimes': expected always, everysec or no");
  EXPECT_THAT(ErrorOf("dir\n", "redis.conf"), HasSubstr("redis.conf:1: 'dir': expected"));
  EXPECT_THAT(ErrorOf("dir \"a\n", "redis.conf"), HasSubstr("redis.conf:1: unbalanced quotes"));
}

TEST(ReadMongodb, HasTheJournalButNotTheWriteConcern) {
  const ConfigReading reading =
      Read("storage:\n  journal:\n    commitIntervalMs: 300\nreplication:\n  replSetName: rs0\n",
           "mongod.conf");
  EXPECT_EQ(reading.mode, "mongodb:majority");
  EXPECT_THAT(reading.compared, ElementsAre("mongodb:w1"));
  EXPECT_THAT(reading.sets.at("mongodb:w1"), ElementsAre("cluster.durability.interval=300ms"));
  EXPECT_THAT(TextsOf(reading), ElementsAre(HasSubstr("the write concern is not in this file"),
                                            HasSubstr("mongod.conf:3: with w: 1")));
  EXPECT_THAT(TextsOf(Read("net: {port: 1}\n", "mongod.conf")),
              Contains(HasSubstr("this node is alone")));
  EXPECT_THAT(ErrorOf("storage: [\n", "mongod.conf"), HasSubstr("mongod.conf:1:"));
}

TEST(ReadConfiguration, TheNameOfTheFileTellsTheSystem) {
  EXPECT_EQ(ErrorOf("a b\n", "etc/settings.ini"),
            "etc/settings.ini: cannot tell the system; expected a name that contains postgres, "
            "redis, valkey or mongo, or that ends in .cnf");
  EXPECT_EQ(Read("", "valkey.conf").mode, "redis:default");
}

}  // namespace
}  // namespace replsim::choose_config_test
