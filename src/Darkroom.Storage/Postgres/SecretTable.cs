using System.Collections.Concurrent;
using System.Security.Cryptography;
using Darkroom.Engine.Queue;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>The secrets that all processes on a database share: who asks first makes one, and all others get that.</summary>
internal sealed class SecretTable(Database database) : ISharedSecrets
{
    private const int Bytes = 32;

    private readonly ConcurrentDictionary<string, byte[]> known = new(); // none ever changes

    public async ValueTask<byte[]> GetAsync(string name, CancellationToken cancellation)
    {
        if (known.TryGetValue(name, out byte[]? secret)) return secret;
        byte[] fresh = RandomNumberGenerator.GetBytes(Bytes);
        return known[name] = await database.ReadAsync(async (connection, token) =>
        {
            await using (var insert = new NpgsqlCommand("INSERT INTO secret (name, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING", connection))
            {
                insert.Parameters.Add(new() { Value = name });
                insert.Parameters.Add(new() { Value = fresh });
                await insert.ExecuteNonQueryAsync(token);
            }
            await using var select = new NpgsqlCommand("SELECT bytes FROM secret WHERE name = $1", connection);
            select.Parameters.Add(new() { Value = name });
            return (byte[])(await select.ExecuteScalarAsync(token))!;
        }, cancellation);
    }
}
