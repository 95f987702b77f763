// The query API's answer of 2,000 entries into typed papers, beside pugixml's bare parse of the same bytes. Without the
// shared document a made-up one of the same size is used.
#include <benchmark/benchmark.h>
#include <zstd.h>

#include <fstream>
#include <pugixml.hpp>
#include <sstream>

#include "digest/sources/readers/api.hpp"

namespace {

std::string unpacked(const std::string& packed) {
  auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  std::string out(size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR ? std::size_t{64} << 20 : size,
                  '\0');
  auto n = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
  out.resize(ZSTD_isError(n) != 0 ? 0 : n);
  return out;
}

std::string made_up() {
  std::string out = "<feed xmlns=\"http://www.w3.org/2005/Atom\">";
  for (int i = 0; i < 2000; ++i) {
    out += "<entry><id>http://arxiv.org/abs/2601." + std::to_string(10000 + i) +
           "v1</id><title>A title of $\\alpha$</title><summary>";
    for (int k = 0; k < 20; ++k) out += "A sentence about streams, caches and the K\\H{o}s number of kelp. ";
    out += "</summary><author><name>Ada Brook</name></author><category term=\"cs.CV\"/></entry>";
  }
  return out + "</feed>";
}

const std::string& document() {
  static const std::string kBytes = [] {
    std::ifstream in(std::string(BROADSHEET_SHARED) + "/arxiv/api-reconstructed/cat_cs_2000.xml.zst", std::ios::binary);
    std::ostringstream packed;
    packed << in.rdbuf();
    auto bytes = unpacked(packed.str());
    return bytes.empty() ? made_up() : bytes;
  }();
  return kBytes;
}

void bare_pugixml(benchmark::State& state) {
  for (auto _ : state) {
    pugi::xml_document parsed;
    benchmark::DoNotOptimize(parsed.load_buffer(document().data(), document().size()));
  }
}

void read_api(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(broadsheet::sources::read_api(document()));
}

}  // namespace

BENCHMARK(bare_pugixml)->Unit(benchmark::kMillisecond)->Repetitions(9)->ReportAggregatesOnly();
BENCHMARK(read_api)->Unit(benchmark::kMillisecond)->Repetitions(9)->ReportAggregatesOnly();

BENCHMARK_MAIN();
