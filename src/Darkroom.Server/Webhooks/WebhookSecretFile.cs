using Darkroom.Server.Security;

namespace Darkroom.Server.Webhooks;

/// <summary>The secret in the data folder, for a server whose settings have none: made at the first start, its owner's alone.</summary>
internal static class WebhookSecretFile
{
    public const string Name = "webhook-secret";

    /// <summary>Reads it, or makes it where it is missing.</summary>
    /// <param name="folder">The data folder.</param>
    /// <returns>The secrets, and where they were made; null: they were there.</returns>
    /// <exception cref="InvalidDataException">It cannot be read or written; the message is a sentence and quotes nothing of it.</exception>
    public static (IReadOnlyList<byte[]> Secrets, string? MadeAt) Open(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            string? madeAt = null;
            if (!File.Exists(path))
            {
                PrivateFile.Create(path, WebhookSecrets.New());
                madeAt = path;
            }
            if (WebhookSecrets.Parse(File.ReadAllText(path).Trim()) is { } secrets) return (secrets, madeAt);
            throw new InvalidDataException(
                $"{path} {WebhookSecrets.Rule}. Put a good copy there, or delete it: a new secret is made then, and receivers need that.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The secret of webhooks in {path} cannot be read or written: {refused.Message}", refused);
        }
    }
}
