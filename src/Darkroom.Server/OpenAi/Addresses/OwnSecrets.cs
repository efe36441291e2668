using System.Collections.Concurrent;
using System.Security.Cryptography;
using Darkroom.Engine.Queue;
using Darkroom.Server.Security;

namespace Darkroom.Server.OpenAi.Addresses;

/// <summary>Secrets of a server that shares its jobs with no other: files of the data folder, or of this process alone where its pictures are too.</summary>
/// <param name="folder">The data folder; null: nothing outlives the process.</param>
internal sealed class OwnSecrets(string? folder) : ISharedSecrets
{
    private const int Bytes = 32;

    private readonly ConcurrentDictionary<string, Lazy<byte[]>> known = new();

    public ValueTask<byte[]> GetAsync(string name, CancellationToken cancellation)
    {
        var secret = known.GetOrAdd(name, one => new Lazy<byte[]>(() => folder is null ? New() : Read(Path.Combine(folder, one + "-secret"))));
        try
        {
            return ValueTask.FromResult(secret.Value);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or FormatException)
        {
            known.TryRemove(new(name, secret)); // a folder that was full, or a file that is put right
            throw new InvalidDataException($"The secret {name} of the data folder cannot be read or made: {refused.Message}", refused);
        }
    }

    private static byte[] New() => RandomNumberGenerator.GetBytes(Bytes);

    private static byte[] Read(string path)
    {
        if (!File.Exists(path)) PrivateFile.Create(path, Convert.ToHexStringLower(New()));
        var secret = Convert.FromHexString(File.ReadAllText(path).Trim());
        return secret.Length == Bytes ? secret : throw new FormatException($"{path} must have {2 * Bytes} hex digits.");
    }
}
