// The writer that the configuration wants: none (the extracts are the digest), or a model behind its endpoint with what
// it keeps in the store.
#pragma once

#include <memory>
#include <string>

#include "adapters/platform.hpp"
#include "bot/app/outside.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/metrics.hpp"
#include "bot/store/values.hpp"
#include "config/settings.hpp"
#include "digest/build/pipeline.hpp"

namespace broadsheet::app {

// Where finished pieces, the profile and the ledger are kept.
struct WritingStore {
  store::ValueRepository* values = nullptr;  // null: nowhere
  bool read_only = false;
};

// Everything that it is given outlives it. Used on the I/O thread.
class Writing {
 public:
  // `offline`: what is kept is used, and nobody is asked.
  Writing(const config::Settings& settings, const Outside& outside, Metrics& metrics, WritingStore kept,
          bool offline = false);
  ~Writing();
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;

  // Null without a model: then Pipeline gives extracts.
  write::Writer* writer() const;
  Kept* kept() const;
  // For people: how the writer is, "" without a model.
  std::string state() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Name of the writer that a digest is made with: part of its key.
std::string writer_name(const config::Settings& settings);
// An Error (bad_input) says which languages can be written.
Status check_language(const config::Settings& settings, const std::string& language);

// For one-shot commands: the digest of extracts, written. Without a model, the same digest.
Digest write_once(const config::Settings& settings, Clock& clock, WritingStore kept, bool offline, Digest extracts);

// What write_once would ask, in one line for people; nobody is asked.
std::string estimate(const config::Settings& settings, WritingStore kept, const Digest& extracts);

// For `doctor`: address, key, model and structured output.
adapters::Check check_writer(const config::Settings& settings, Clock& clock);

}  // namespace broadsheet::app
