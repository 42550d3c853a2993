// replsim-primary: a node that leads from the start.
#include "common/rpc/node_main.h"
#include "primary/server/run_primary.h"

int main(int argc, char** argv) { return replsim::NodeMain(argc, argv, replsim::RunPrimary); }
