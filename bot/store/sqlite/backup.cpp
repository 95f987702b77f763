// Copies of the store: written while it is in use, put back after a look at what they are.
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>

#include "bot/store/sqlite/sqlite_store.hpp"
#include "bot/store/sqlite/upkeep.hpp"

namespace broadsheet::store {
namespace {

namespace fs = std::filesystem;

// VACUUM INTO does not promise that the copy outlives a power cut.
bool reached_the_disk(const std::string& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool done = ::fsync(fd) == 0;
  ::close(fd);
  return done;
}

std::string folder_of(const std::string& file) {
  auto parent = fs::path(file).parent_path().string();
  return parent.empty() ? "." : parent;
}

// Into a file that does not exist; half a copy is no copy and goes.
Status copy_into(Db& db, const std::string& file) {
  auto copy = db.prepare("VACUUM INTO ?");
  if (!copy) return copy.error();
  make_private(file);  // an empty file counts as none
  copy->bind(1, file);
  int code = copy->step();
  if (code == SQLITE_DONE && reached_the_disk(file) && reached_the_disk(folder_of(file))) return {};
  std::error_code ec;
  fs::remove(file, ec);
  fs::remove(file + "-journal", ec);
  if ((code & 0xff) == SQLITE_FULL)
    return Error(ErrorKind::no_space, file + ": the disk is full. Free some space, or choose another disk.");
  if ((code & 0xff) == SQLITE_CORRUPT) return db.error(code);
  return Error(ErrorKind::not_allowed, file + ": cannot be written. Check that its folder exists and may be written.");
}

Error no_backup(const std::string& file) {
  return {ErrorKind::bad_input, file + ": is no backup of a broadsheet store. `broadsheet backup FILE` writes one."};
}

Status is_sound_backup(Db& db) {
  auto ours = db.number(
      "SELECT count(*) FROM sqlite_master WHERE type='table' AND name IN ('papers', 'paper_versions', 'named_values')");
  auto version = db.number("PRAGMA user_version");
  if (!ours || !version || *ours != 3 || *version < 1) return no_backup(db.name());
  if (*version > kSchemaVersion)
    return Error(ErrorKind::not_allowed, db.name() + ": was written by a newer broadsheet. Update this program first.");
  auto sound = db.number("SELECT count(*) FROM pragma_quick_check WHERE quick_check='ok'");
  if (!sound || *sound != 1)
    return Error(ErrorKind::corrupt, db.name() + ": this backup is damaged. Use an older one; nothing was changed.");
  return {};
}

// What was open when the copy was made may have been sent since: it is asked about, never sent blindly (design:
// reliability F43).
Status doubt_open_rows(const std::string& file) {
  auto db = Db::open(file, Db::Mode::create);
  if (!db) return db.error();
  auto delivers = db->number("SELECT count(*) FROM sqlite_master WHERE type='table' AND name='outbox'");
  if (!delivers) return delivers.error();
  if (*delivers == 0) return {};  // from before there was delivery
  return db->run(
      "UPDATE outbox SET state=2, attempt=max(attempt,1), times_unknown=times_unknown+1, "
      "first_t0=CASE first_t0 WHEN 0 THEN due ELSE first_t0 END, t0=CASE t0 WHEN 0 THEN due ELSE t0 END, "
      "error='restored from a backup: it may have been sent since' WHERE ended IS NULL; "
      "UPDATE outbox SET due=t0 WHERE ended IS NULL");
}

}  // namespace

Status SqliteUpkeep::backup(const std::string& file) {
  std::error_code ec;
  if (fs::exists(file, ec))
    return Error(ErrorKind::not_allowed, file + ": exists already. Choose a new name for the backup.");
  std::lock_guard guard(engine_.mutex);
  return copy_into(engine_.db, file);
}

Status restore_sqlite(const std::string& backup_file, const std::string& data_dir, bool force) {
  std::error_code ec;
  if (!fs::exists(backup_file, ec)) return Error(ErrorKind::not_found, backup_file + ": there is no such file.");
  if (!fs::is_regular_file(backup_file, ec)) return no_backup(backup_file);
  fs::create_directories(data_dir, ec);
  auto lock = FolderLock::take(data_dir);
  if (!lock) return lock.error();
  auto target = database_file(data_dir), fresh = target + ".new";
  if (fs::exists(target, ec) && !force)
    return Error(ErrorKind::not_allowed, target + ": exists already. Say --force to replace it.");
  {
    auto db = Db::open(backup_file, Db::Mode::read_only);
    if (!db) return db.error().kind() == ErrorKind::corrupt ? no_backup(backup_file) : db.error();
    if (auto sound = is_sound_backup(*db); !sound) return sound;
    fs::remove(fresh, ec);
    if (auto copied = copy_into(*db, fresh); !copied) return copied;
    belong_to_folder(fresh);
  }
  if (auto doubted = doubt_open_rows(fresh); !doubted) return doubted;
  // The old log must not be replayed into the new file.
  fs::remove(target + "-wal", ec);
  fs::remove(target + "-shm", ec);
  fs::rename(fresh, target, ec);
  if (ec || !reached_the_disk(data_dir))
    return Error(ErrorKind::unavailable, target + ": cannot be replaced (" + ec.message() + ").");
  return {};
}

}  // namespace broadsheet::store
