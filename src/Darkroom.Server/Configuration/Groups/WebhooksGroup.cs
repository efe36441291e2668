using Darkroom.Server.Configuration.Rows;
using Darkroom.Server.Security.Outbound;
using Darkroom.Server.Webhooks;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>Who may be told of a job's end, and how that is signed.</summary>
internal static class WebhooksGroup
{
    public static readonly SettingGroup Group = new("Webhooks", "[Decision 19](decisions/0019-webhooks.md).");

    private static readonly Setting<OutboundRule> Allowed = Group.Text(
        "Webhooks:Allowed", new TextKind<OutboundRule>(
            "none, public, or receivers such as hooks.example.org, *.example.org or http://10.0.0.5:9000 with commas between", OutboundRule.Usage,
            OutboundRule.Parse, TextOf),
        OutboundRule.None, "Who may be told of a job's end.", "`none`");

    private static readonly Setting<IReadOnlyList<byte[]>?> Secret = Group.Secret(
        "Webhooks:Secret", WebhookSecrets.Rule, WebhookSecrets.Parse,
        "What is signed with: `whsec_…`, two with a space between during a change.", "one in the data folder, made at the start");

    /// <param name="section">With the values.</param>
    /// <param name="settings">What is read so far; where jobs are kept is.</param>
    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings)
    {
        var allowed = section.Read(Allowed);
        if (settings.Store == StoreKind.Postgres && !allowed.IsNone && !section.IsGiven(Secret))
            section.Refuse(Secret, "is missing: servers that share their jobs sign with one secret");
        return settings with { Webhooks = new(allowed, section.Read(Secret)) };
    }

    private static string? TextOf(OutboundRule rule) =>
        rule.IsNone ? "none" : string.Join(",", rule.Patterns.Select(pattern => pattern.ToString()).Prepend(rule.Public ? "public" : null).OfType<string>());
}
