// How the store of a configuration is opened.
#pragma once

#include "bot/store/store.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

inline store::OpenOptions store_options(const config::Settings& settings) {
  store::OpenOptions out;
  out.data_dir = settings.service.data_dir;
  out.auto_migrate = settings.storage.auto_migrate;
  out.url = settings.storage.url;
  return out;
}

// For who only reads: nothing is migrated, nobody is locked out.
inline store::OpenOptions reading_options(const config::Settings& settings) {
  auto out = store_options(settings);
  out.auto_migrate = false;
  out.read_only = true;
  return out;
}

}  // namespace broadsheet::app
