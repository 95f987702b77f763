// The store: everything that outlives a process, in narrow repositories. Blocking calls: use them from a worker thread
// or a command-line process, never on the I/O thread. Thread-safe. Engines must pass tests/unit/store/conformance.hpp
// and delivery_conformance.hpp.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bot/base/result.hpp"
#include "bot/store/digests.hpp"
#include "bot/store/inbox.hpp"
#include "bot/store/leases.hpp"
#include "bot/store/listings.hpp"
#include "bot/store/outbox.hpp"
#include "bot/store/papers.hpp"
#include "bot/store/search.hpp"
#include "bot/store/subscriptions.hpp"
#include "bot/store/upkeep.hpp"
#include "bot/store/values.hpp"

namespace broadsheet::store {

// What is written and read together. The parts live as long as the whole.
class Repositories {
 public:
  virtual ~Repositories() = default;
  virtual PaperRepository& papers() = 0;
  virtual ListingRepository& listings() = 0;
  virtual DigestRepository& digests() = 0;
  virtual ValueRepository& values() = 0;
  virtual Outbox& outbox() = 0;
  virtual Inbox& inbox() = 0;
  virtual Subscriptions& subscriptions() = 0;
  virtual Leases& leases() = 0;
};

class Store : public Repositories {
 public:
  // All that `work` writes through the repositories that it is given is committed together, or, when it answers an
  // error or throws, nothing of it; its error is answered. An engine may run `work` once more after a conflict with
  // another process: let it have no other effects. Not within another transact().
  virtual Status transact(const std::function<Status(Repositories&)>& work) = 0;
  virtual PaperSearch& search() = 0;
  virtual Upkeep& upkeep() = 0;
};

struct OpenOptions {
  std::string data_dir;
  bool auto_migrate = true;
  bool read_only = false;  // no lock on writers' side; refuses to create
  // A missing search index is not built before the store opens: the caller runs upkeep().step() in the background, and
  // check_quick() when suspect.
  bool repair_later = false;
  std::string url = "sqlite";  // the engine: storage.url
};
// Opens (and creates) the store, migrating when allowed. Errors: busy (another process owns the folder), corrupt,
// no_space, not_found (to be read only, and nothing is there), not_allowed (schema newer than this program, or
// migration not allowed), bad_input (no such engine).
Result<std::unique_ptr<Store>> open_store(const OpenOptions& options);
// For tests and one-shot builds: nothing on disk.
Result<std::unique_ptr<Store>> open_memory();
// Puts a backup in place of an existing store; refuses to overwrite without force. A file that is no sound backup
// (not_found, bad_input, corrupt, not_allowed when newer) leaves the store as it is.
Status restore_store(const std::string& backup_file, const OpenOptions& options, bool force);

}  // namespace broadsheet::store
