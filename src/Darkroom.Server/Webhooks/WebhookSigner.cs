using StandardWebhooks;

namespace Darkroom.Server.Webhooks;

/// <summary>Signs as Standard Webhooks has it: one signature for each secret, the first secret's first.</summary>
/// <param name="secrets">At least one.</param>
internal sealed class WebhookSigner(IReadOnlyList<byte[]> secrets)
{
    private readonly StandardWebhook[] signers = [.. secrets.Select(secret => new StandardWebhook(secret))];

    /// <returns>What <c>webhook-signature</c> says.</returns>
    public string Sign(string id, DateTimeOffset at, string payload) => string.Join(' ', signers.Select(signer => signer.Sign(id, at, payload)));
}
