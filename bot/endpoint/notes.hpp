// What the model writer keeps in the store: finished pieces, the endpoint's profile, and the tokens of each day. A
// store that is only read is asked and given nothing.
#pragma once

#include <optional>
#include <string>

#include "bot/base/result.hpp"
#include "bot/store/values.hpp"
#include "digest/build/pipeline.hpp"

namespace broadsheet::endpoint {

// Blocking; thread-safe.
class Notes final : public Kept {
 public:
  // `values` null: nothing is known and nothing is kept.
  Notes(store::ValueRepository* values, bool read_only) : values_(values), read_only_(read_only) {}

  Result<std::optional<std::string>> find(const WritingKey& key) override;
  Status keep(const WritingKey& key, const std::string& body) override;
  // Small named texts of the endpoint itself.
  Result<std::optional<std::string>> get(const std::string& name);
  Status put(const std::string& name, const std::string& value);

 private:
  store::ValueRepository* values_;
  bool read_only_;
};

}  // namespace broadsheet::endpoint
