// The command line (spec: interfaces 1). One file per command or small family; each registers itself with one function,
// listed in cli.cpp.
#pragma once

namespace broadsheet::cli {

// Parses the arguments, runs the command, returns the exit status: 0 done, 1 failed, 2 usage or configuration,
// 3 something outside cannot be reached, 4 input data refused.
int run(int argc, char** argv);

}  // namespace broadsheet::cli
