// `subscriptions`: who gets what, and when; also while the service runs.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "bot/app/admin.hpp"
#include "bot/app/store_options.hpp"
