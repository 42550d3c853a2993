// replsim-replica: a node that starts as a replica, unless its configuration names another role.
#include "common/server/rpc/node_main.h"
#include "replica/server/run_node.h"

int main(int argc, char** argv) {
  return replsim::NodeMain(argc, argv, [](const replsim::proto::NodeConfig& config) {
    return replsim::RunNode(config, replsim::proto::NodeConfig::REPLICA);
  });
}
