using System.Text.Json;
using Darkroom.Models.Fields;
using Darkroom.Server.Automatic1111.Infotext;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>A request with an <c>infotext</c>: every field that it does not name itself, be it null, is that of the text.</summary>
internal static class FilledBody
{
    private const string Field = "infotext", Settings = "override_settings";

    /// <summary>Null where there is no such text.</summary>
    /// <param name="body">As sent.</param>
    /// <param name="fromPicture">Whether it is img2img.</param>
    /// <param name="parts">What the text may name.</param>
    /// <param name="faults">Takes what is wrong with the field.</param>
    /// <param name="notes">Takes what nothing was made of.</param>
    public static LiftedBody? Of(LiftedBody body, bool fromPicture, OptionParts parts, FaultList faults, List<string> notes)
    {
        if (new SentValues(body.Json, faults).Text(Field) is not { } text || string.IsNullOrWhiteSpace(text)) return null;
        var named = body.Json.EnumerateObject().Select(JsonText.NameOf).ToHashSet(StringComparer.Ordinal);
        if (named.Contains("sampler_index")) named.Add("sampler_name"); // the older name of it
        JsonElement? own = body.Json.TryGetProperty(Settings, out var sent) && sent.ValueKind != JsonValueKind.Null ? sent : null;
        if (own is { ValueKind: JsonValueKind.Object } given)
            named.UnionWith(given.EnumerateObject().Select(static one => InfotextFields.SettingsPrefix + JsonText.NameOf(one)));

        var found = InfotextFields.Of(text, fromPicture, named, parts.Models, parts.Vaes);
        notes.AddRange(found.Notes);
        if (own is null) found.Fields[Settings] = found.Settings.DeepClone();
        var filled = body.With(found.Fields.ToJsonString());
        if (own is not { ValueKind: JsonValueKind.Object } settings) return filled;
        using (filled) return filled.With($$"""{"{{Settings}}":{{LiftedBody.Joined(settings, found.Settings.ToJsonString())}}}""");
    }
}
