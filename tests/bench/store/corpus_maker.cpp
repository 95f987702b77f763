// corpus_maker PAPERS OUT.jsonl [FILE...]: as many papers as asked for. First those of the files as they are, then
// recombined ones: half the title, half the sentences, the authors and the categories of two papers each, spread evenly
// over the months since 2015 under numbers that arXiv does not give. Without files everything is put together from
// invented sentences. The same input gives the same output.
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/sources/readers/file.hpp"
#include "measure.hpp"

using namespace broadsheet;
using namespace broadsheet::bench;
using Json = nlohmann::json;

namespace {

struct Source {
  std::vector<std::string> title, sentences;
  std::vector<std::string> authors, categories;
};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (auto word : text::split(text, ' '))
    if (!word.empty()) out.emplace_back(word);
  return out;
}

std::vector<std::string> sentences_of(const std::string& text) {
  std::vector<std::string> out(1);
  for (const auto& word : words_of(text)) {
    out.back() += (out.back().empty() ? "" : " ") + word;
    if (word.back() == '.') out.emplace_back();
  }
  return out;
}

std::vector<Source> read(const std::vector<std::string>& files, std::ofstream& out, std::size_t most) {
  std::vector<Source> sources;
  auto take = [&](const Paper& p) {
    if (sources.size() >= most) return;
    Source s{words_of(p.title_raw), sentences_of(p.abstract_raw), {}, p.categories};
    for (const auto& a : p.authors) s.authors.push_back(a.name);
    Json line{{"id", p.id.str()},
              {"title", p.title_raw},
              {"authors", s.authors},
              {"abstract", p.abstract_raw},
              {"categories", s.categories}};
    if (p.listed) line["listed"] = to_string(*p.listed);
    out << line.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    sources.push_back(std::move(s));
  };
  for (const auto& file : files) require(sources::read_path(file, {.paper = take}));
  return sources;
}

// A vocabulary of made-up words, frequent ones first (Zipf).
std::vector<Source> invented(std::mt19937_64& random) {
  static constexpr std::array<const char*, 12> kSyllables{"ka",  "lo", "mi",  "re",  "tu",  "shen",
                                                          "vor", "bi", "nal", "gra", "ost", "pe"};
  auto word = [&] {
    auto rank =
        static_cast<std::size_t>(std::exp(std::uniform_real_distribution<double>(0, std::log(30'000.0))(random)));
    std::string out;
    for (auto n = rank + 12; n > 0; n /= 12) out += kSyllables.at(n % 12);
    return out;
  };
  std::vector<Source> out(20'000);
  for (auto& s : out) {
    for (int i = 0; i < 10; ++i) s.title.push_back(word());
    for (int i = 0; i < 8; ++i) {
      std::string sentence = word();
      for (int k = 0; k < 20; ++k) sentence += " " + word();
      s.sentences.push_back(sentence + ".");
    }
    for (int i = 0; i < 4; ++i) s.authors.push_back(word() + " " + word());
    s.categories = {random() % 3 == 0 ? "math.AP" : "cs.LG", random() % 4 == 0 ? "stat.ML" : "cs.CV"};
  }
  return out;
}

std::string halves(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> out(a.begin(), a.begin() + static_cast<std::ptrdiff_t>((a.size() + 1) / 2));
  out.insert(out.end(), b.begin() + static_cast<std::ptrdiff_t>(b.size() / 2), b.end());
  return text::join(out, " ");
}

Json recombined(const Source& a, const Source& b, std::size_t n) {
  constexpr std::size_t kMonths = 140, kFirstNumber = 50'000;
  auto month = n % kMonths;
  auto year = std::to_string(15 + month / 12), in_year = std::to_string(101 + month % 12).substr(1);
  return {{"id", year + in_year + "." + std::to_string(kFirstNumber + n / kMonths)},
          {"title", halves(a.title, b.title)},
          {"authors", a.authors},
          {"abstract", halves(a.sentences, b.sentences)},
          {"categories", b.categories},
          {"listed", "20" + year + "-" + in_year + "-" + std::to_string(101 + n % 28).substr(1)}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  auto papers = std::stoul(argv[1]);
  std::ofstream out(argv[2]);
  std::mt19937_64 random(20251219);
  auto sources = read({argv + 3, argv + argc}, out, papers);
  auto made = sources.size();
  if (sources.empty()) sources = invented(random);
  for (std::size_t n = 0; made + n < papers; ++n)
    out << recombined(sources[random() % sources.size()], sources[random() % sources.size()], n)
               .dump(-1, ' ', false, Json::error_handler_t::replace)
        << '\n';
  return out.flush() ? 0 : 1;
}
