// Published vectors for hash, HMAC, HKDF, Ed25519 and X25519; key files.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/key_exchange.h"
#include "crypto/random.h"
#include "crypto/signature.h"

namespace sluis::crypto {
namespace {

Bytes hex(std::string_view text) { return *from_hex(text); }

template <size_t N>
std::array<uint8_t, N> hex_array(std::string_view text) {
  const Bytes bytes = hex(text);
  std::array<uint8_t, N> out{};
  std::copy_n(bytes.begin(), N, out.begin());
  return out;
}

// FIPS 180-4 examples, and the same in pieces.
TEST(Hash, Sha256) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  Sha256 pieces;
  for (const char c : std::string("abc")) pieces.update(std::string_view(&c, 1));
  EXPECT_EQ(pieces.finish(), sha256("abc"));
}

// RFC 4231, cases 1, 2 and 6 (a key longer than a block).
TEST(Hash, HmacSha256) {
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(20, 0x0b), as_bytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(131, 0xaa),
                               as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  // An empty key is a key of zeros, not the key before.
  EXPECT_EQ(hmac_sha256({}, as_bytes("x")), hmac_sha256(Bytes(64, 0), as_bytes("x")));
}

// RFC 5869, cases 1 and 3 (no salt, no info).
TEST(Hkdf, Rfc5869) {
  Bytes out(42);
  hkdf_sha256(Bytes(22, 0x0b), hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), out);
  EXPECT_EQ(sluis::to_hex(out),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  hkdf_sha256(Bytes(22, 0x0b), {}, ByteSpan(), out);
  EXPECT_EQ(sluis::to_hex(out),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  const SecretBytes secret = hkdf_sha256(Bytes(22, 0x0b), hex("000102030405060708090a0b0c"), "purpose", 16);
  EXPECT_EQ(secret.size(), 16u);
}

// RFC 7748, 6.1.
TEST(KeyExchange, Rfc7748) {
  const KeyExchange alice(hex_array<32>("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
  const KeyExchange bob(hex_array<32>("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  EXPECT_EQ(sluis::to_hex(alice.public_key()),
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  EXPECT_EQ(sluis::to_hex(bob.public_key()),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const std::string expected = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  EXPECT_EQ(sluis::to_hex(alice.agree(bob.public_key())->span()), expected);
  EXPECT_EQ(sluis::to_hex(bob.agree(alice.public_key())->span()), expected);
}

// Points of low order give an all-zero result, which anyone could compute.
TEST(KeyExchange, RefusesLowOrderKeys) {
  const KeyExchange mine;
  for (const char* low : {"0000000000000000000000000000000000000000000000000000000000000000",
                          "0100000000000000000000000000000000000000000000000000000000000000",
                          "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"})
    EXPECT_FALSE(mine.agree(hex_array<32>(low)).has_value()) << low;
  EXPECT_TRUE(mine.agree(KeyExchange().public_key()).has_value());
}

// RFC 8032, 7.1, test 2.
TEST(Signature, Rfc8032) {
  const SigningKey key = SigningKey::from_seed(
      hex_array<32>("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  EXPECT_EQ(sluis::to_hex(key.public_key()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const Bytes message = hex("72");
  EXPECT_EQ(sluis::to_hex(key.sign(message)),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(Signature, OneChangedBitIsRefused) {
  const SigningKey key = SigningKey::generate();
  Bytes message = {1, 2, 3};
  Signature signature = key.sign(message);
  EXPECT_TRUE(verify(key.public_key(), message, signature));
  EXPECT_FALSE(verify(SigningKey::generate().public_key(), message, signature));
  for (size_t i = 0; i < signature.size(); ++i) {
    signature[i] ^= 1;
    EXPECT_FALSE(verify(key.public_key(), message, signature)) << i;
    signature[i] ^= 1;
  }
  message[1] ^= 1;
  EXPECT_FALSE(verify(key.public_key(), message, signature));
  EXPECT_FALSE(verify(PublicKey{}, message, Signature{}));
}

TEST(Signature, ParsesHexadecimalOnly) {
  const SigningKey key = SigningKey::generate();
  EXPECT_EQ(parse_public_key(sluis::to_hex(key.public_key())), key.public_key());
  EXPECT_FALSE(parse_public_key("12").has_value());
  EXPECT_FALSE(parse_signature(std::string(128, 'g')).has_value());
}

class KeyFile : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(directory_), nullptr); }
  void TearDown() override {
    ::unlink(path().c_str());
    ::rmdir(directory_);
  }
  std::string path() const { return std::string(directory_) + "/key"; }
  std::string load_error() const {
    const Result<SigningKey> key = SigningKey::load(path());
    return key.ok() ? "" : key.error().id;
  }
  char directory_[32] = "/tmp/sluis-key-XXXXXX";
};

TEST_F(KeyFile, SavesPrivatelyAndLoadsTheSameKey) {
  const SigningKey key = SigningKey::generate();
  ASSERT_TRUE(key.save(path()).ok());
  struct stat info{};
  ASSERT_EQ(::stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const Result<SigningKey> loaded = SigningKey::load(path());
  ASSERT_TRUE(loaded.ok()) << loaded.error().summary();
  const Bytes message = {9};
  EXPECT_EQ(loaded->sign(message), key.sign(message));
  EXPECT_EQ(SigningKey::generate().save(path()).error().id, "S1090.exists");
  EXPECT_TRUE(SigningKey::load(path()).ok());  // the old key is still there
}

TEST_F(KeyFile, RefusesOpenPermissionsAndLinks) {
  ASSERT_TRUE(SigningKey::generate().save(path()).ok());
  for (const mode_t mode : {0640, 0604, 0660, 0611}) {
    ::chmod(path().c_str(), mode);
    EXPECT_EQ(load_error(), "S1090.permission") << mode;
  }
  ::chmod(path().c_str(), 0600);
  const std::string link = path() + ".link";
  ASSERT_EQ(::symlink(path().c_str(), link.c_str()), 0);
  EXPECT_EQ(SigningKey::load(link).error().id, "S1090.open");
  ::unlink(link.c_str());
}

// Each byte of the file changed: never the same key without a complaint.
TEST_F(KeyFile, RefusesEveryChangedByte) {
  ASSERT_TRUE(SigningKey::generate().save(path()).ok());
  const std::string good = read_file(path(), 1000).value();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    ASSERT_TRUE(write_file(path(), bad).ok());
    const std::string id = load_error();
    EXPECT_TRUE(id == "S1090.shape" || id == "S1090.mismatch") << i << ' ' << id;
  }
  for (const std::string& bad : {good + "\n", good.substr(1), std::string(), std::string(100'000, 'x')}) {
    ASSERT_TRUE(write_file(path(), bad).ok());
    EXPECT_EQ(load_error(), "S1090.shape");
  }
}

TEST(Random, IsNotConstant) {
  EXPECT_NE(random_u64(), random_u64());
  const auto a = random_array<32>();
  EXPECT_NE(a, random_array<32>());
  EXPECT_FALSE(random_secret(32) == random_secret(32));
}

}  // namespace
}  // namespace sluis::crypto
