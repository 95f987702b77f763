// Numbers of a text with their units, in one form: "1.2M", "1,200,000" and "120万" are 1200000; "percent" is "%"; "3x"
// and "three times" are 3 "×". Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::model_writer {

struct Quantity {
  std::string value;  // decimal digits, no thousands signs, no zeros that say nothing
  std::string unit;   // of the known ones, else empty
  bool operator==(const Quantity&) const = default;
};
std::vector<Quantity> quantities(std::string_view text);

// The first of `text` that `source` does not have in the same unit; null if all are there. The number words one to ten
// count as numbers in both.
const Quantity* not_in(const std::vector<Quantity>& text, const std::vector<Quantity>& source);

}  // namespace broadsheet::model_writer
