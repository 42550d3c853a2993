// replsim-replica: a node that follows, and leads once it is promoted.
#include "common/rpc/node_main.h"
#include "replica/server/run_replica.h"

int main(int argc, char** argv) { return replsim::NodeMain(argc, argv, replsim::RunReplica); }
