#include "digest/model_writer/quantities.hpp"

#include <gtest/gtest.h>

namespace broadsheet::model_writer {
namespace {

bool held(const std::string& text, const std::string& source) {
  return not_in(quantities(text), quantities(source)) == nullptr;
}

TEST(Quantities, AreTheSameHoweverTheyAreWritten) {
  for (auto [a, b] : std::vector<std::pair<std::string, std::string>>{{"12.5%", "12.5 percent"},
                                                                      {"12.50%", "12.5 %"},
                                                                      {"3x faster", "3× faster"},
                                                                      {"three times", "3-fold"},
                                                                      {"1.2M images", "1,200,000 images"},
                                                                      {"1.2 million", "1.2M"},
                                                                      {"120万", "1.2M"},
                                                                      {"７B", "7B"},
                                                                      {"five tasks", "5 tasks"},
                                                                      {"达到91.2%的准确率", "91.2% accuracy"},
                                                                      {"40 ms", "40 milliseconds"},
                                                                      {"5–10%", "5-10 %"},
                                                                      {"2.3 points", "2.3 percentage points"}}) {
    EXPECT_TRUE(held(a, b)) << a << " | " << b;
    EXPECT_TRUE(held(b, a)) << a << " | " << b;
  }
}

TEST(Quantities, DifferInValueAndUnit) {
  for (auto [a, b] : std::vector<std::pair<std::string, std::string>>{{"12.6%", "12.5%"},
                                                                      {"12.5 points", "12.5%"},
                                                                      {"12.5", "12.5%"},
                                                                      {"40 hours", "40 minutes"},
                                                                      {"3 GB", "3 MB"},
                                                                      {"1.2B", "1.2M"},
                                                                      {"GPT-5", "GPT-4"},
                                                                      {"0.12", "0.012"},
                                                                      {"two tasks", "three tasks"}})
    EXPECT_FALSE(held(a, b)) << a << " | " << b;
}

TEST(Quantities, OfNamesAreNumbersToo) {
  EXPECT_TRUE(held("on Qwen2.5-7B", "Qwen2.5-7B is used"));
  EXPECT_TRUE(held("ResNet-50", "a ResNet-50 backbone"));
  EXPECT_FALSE(held("ResNet-101", "a ResNet-50 backbone"));
}

}  // namespace
}  // namespace broadsheet::model_writer
