// replsim-primary: a node that leads from the start, unless its configuration says otherwise.
#include "common/server/rpc/node_main.h"
#include "replica/server/run_node.h"

int main(int argc, char** argv) {
  return replsim::NodeMain(argc, argv, [](const replsim::proto::NodeConfig& config) {
    return replsim::RunNode(config, replsim::proto::NodeConfig::PRIMARY);
  });
}
