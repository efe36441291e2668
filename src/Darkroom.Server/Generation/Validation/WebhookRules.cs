using Darkroom.Engine.Jobs;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Whether a request may name a receiver of its end, and which.</summary>
/// <param name="find">An address as it would be called, from its text; null where it may not be. Null itself: there are no webhooks.</param>
internal sealed class WebhookRules(Func<string, Uri?>? find)
{
    /// <summary>One sentence for all that is wrong with an address: who sends it is not to learn what this server can reach.</summary>
    private const string Limit = "an https address that this server may call (Darkroom:Webhooks:Allowed), in its plain spelling: a host name in ASCII, "
        + "no user, no fragment, no other port than the settings name";

    /// <summary>The receiver that a request names; null where it names none, or it is a fault.</summary>
    public Webhook? Of(FieldValues values, FaultList faults)
    {
        if (!values.TryGet(Fields.Webhook, out var choice)) return null;
        if (find is null)
            faults.Add(new Fault(Fields.Webhook.Name, "This server sends no webhooks: its setting Darkroom:Webhooks:Allowed is none."));
        else if (find(choice!.Url) is { } url)
            return new Webhook(url.AbsoluteUri, choice.Events.Aggregate(JobEnds.None, (ends, name) => ends | Enum.Parse<JobEnds>(name, ignoreCase: true)));
        else
            faults.Add(new Fault(Fields.Webhook.Name + ".url", $"{Fields.Webhook.Name}.url must be {Limit}.", null, Limit));
        return null;
    }
}
