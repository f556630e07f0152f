/*
 * tokens.c - what proves to a backend that the worker calls, and not the step that it runs
 *
 * Worker and backend share a secret from the moment the session is opened. A token is a number that only grows, and a proof, which only
 * those who know the secret can compute. It is good for one call: whatever a step makes the server log, it logs only tokens that have been
 * used. Four consecutive numbers have the four quarters of one digest, SHA-512(secret, number / 4): a digest for each token would cost a
 * step as much as entering its role does.
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "common/sha2.h"
#include "port/pg_bswap.h"

#include "pg_durable.h"

#define TOKEN_NUMBER_LENGTH 8
#define TOKEN_PROOF_LENGTH 16
#define TOKENS_OF_A_DIGEST (PG_SHA512_DIGEST_LENGTH / TOKEN_PROOF_LENGTH)
#define TOKEN_LENGTH (TOKEN_NUMBER_LENGTH + TOKEN_PROOF_LENGTH)

static uint8 secret[PGD_SECRET_LENGTH];
static uint64 last_token = 0;

/* The worker has told its secret. */
void
pgd_expect_tokens(const uint8 *told)
{
	memcpy(secret, told, PGD_SECRET_LENGTH);
}

/* The proof that belongs to a number. */
static const uint8 *
proof_of(uint64 number)
{
	static uint8 digest[PG_SHA512_DIGEST_LENGTH];
	static uint64 digest_number = PG_UINT64_MAX;
	uint64		wanted = number / TOKENS_OF_A_DIGEST;

	if (wanted != digest_number)
	{
		uint64		sent = pg_hton64(wanted);
		pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA512);

		digest_number = PG_UINT64_MAX;
		if (hash == NULL || pg_cryptohash_init(hash) < 0 ||
			pg_cryptohash_update(hash, secret, PGD_SECRET_LENGTH) < 0 ||
			pg_cryptohash_update(hash, (const uint8 *) &sent, sizeof(sent)) < 0 ||
			pg_cryptohash_final(hash, digest, sizeof(digest)) < 0)
			elog(ERROR, "could not compute SHA-512: %s", pg_cryptohash_error(hash));
		pg_cryptohash_free(hash);
		digest_number = wanted;
	}
	return digest + number % TOKENS_OF_A_DIGEST * TOKEN_PROOF_LENGTH;
}

/* Whether the token is the worker's and was not used before. If so, it is used now, whatever becomes of the caller. */
bool
pgd_take_token(bytea *token)
{
	const uint8 *bytes = (const uint8 *) VARDATA_ANY(token);
	const uint8 *proof;
	uint8		difference = 0;
	uint64		number;

	if (pgd_session_kind() != PGD_STEPS || VARSIZE_ANY_EXHDR(token) != TOKEN_LENGTH)
		return false;
	memcpy(&number, bytes, sizeof(number));
	number = pg_ntoh64(number);
	if (number <= last_token)
		return false;

	/* Does not stop at the first difference, so that the time taken says nothing about the proof. */
	proof = proof_of(number);
	for (int i = 0; i < TOKEN_PROOF_LENGTH; i++)
		difference |= bytes[TOKEN_NUMBER_LENGTH + i] ^ proof[i];
	if (difference != 0)
		return false;
	last_token = number;
	return true;
}
