using Darkroom.Server.Security.Outbound;

namespace Darkroom.Server.Webhooks;

/// <summary>What the settings say of webhooks.</summary>
/// <param name="Allowed">Who may be told.</param>
/// <param name="Secrets">What is signed with; null: what the data folder has.</param>
internal sealed record WebhookSettings(OutboundRule Allowed, IReadOnlyList<byte[]>? Secrets)
{
    public static readonly WebhookSettings Off = new(OutboundRule.None, null);
}
