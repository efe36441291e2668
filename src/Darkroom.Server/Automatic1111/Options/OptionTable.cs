using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Imaging;
using Darkroom.Models.Fields;
using Darkroom.Server.Automatic1111.Names;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Options;

/// <summary>What settings did.</summary>
/// <param name="Options">What is in force with them.</param>
/// <param name="Ignored">Keys that changed nothing, with the reason as a sentence; empty where every key was heeded.</param>
internal sealed record OptionChange(A1111Options Options, IReadOnlyDictionary<string, string> Ignored);

/// <summary>The one table of AUTOMATIC1111's options: those that are heeded, and those that have one value here.</summary>
internal static class OptionTable
{
    private static readonly string[] NoiseNames = ["GPU", "CPU", "NV"], Formats = ["png", "jpg", "jpeg", "webp"];

    /// <summary>Those that are heeded.</summary>
    public static IReadOnlyList<OptionRow> Rows { get; } =
    [
        OptionRow.Named("sd_model_checkpoint",
            static (options, parts) => ModelOf(options, parts) is { } model ? A1111Models.TitleOf(model, parts.Models) : options.Model ?? "", SetModel),
        OptionRow.Named("sd_vae", static (options, _) => options.Vae ?? A1111Models.OwnVae[0], SetVae),
        OptionRow.Whole("CLIP_stop_at_last_layers", 1, 12,
            static options => options.ClipStop ?? 1, static (options, value) => options with { ClipStop = (int?)value }),
        OptionRow.Choice("randn_source", NoiseNames,
            static options => NoiseNames[(int)(options.Noise ?? A1111Noise.Gpu)],
            static (options, name) => options with { Noise = name is null ? null : (A1111Noise)Array.IndexOf(NoiseNames, name) }),
        OptionRow.Whole("eta_noise_seed_delta", 0, uint.MaxValue,
            static options => options.SeedDelta ?? 0, static (options, value) => options with { SeedDelta = value is 0 ? null : value }),
        OptionRow.Share("eta_ancestral", static options => options.EtaAncestral ?? 1, static (options, value) => options with { EtaAncestral = value }),
        OptionRow.Share("eta_ddim", static options => options.EtaDdim ?? 0, static (options, value) => options with { EtaDdim = value }),
        OptionRow.Choice("samples_format", Formats,
            static options => options.Format == PictureFormat.Jpeg ? "jpg" : options.Format == PictureFormat.Webp ? "webp" : "png",
            static (options, name) => options with { Format = FormatOf(name) }),
        OptionRow.Whole("jpeg_quality", 1, 100,
            static options => options.Quality, static (options, value) => options with { Quality = (int)(value ?? A1111Options.Default.Quality) }),
        OptionRow.Flag("enable_pnginfo", static options => options.Metadata, static (options, value) => options with { Metadata = value }),
        OptionRow.Flag("live_previews_enable", static options => options.Previews, static (options, value) => options with { Previews = value }),
        OptionRow.Whole("show_progress_every_n_steps", -1, 32,
            static options => options.PreviewEvery,
            static (options, value) => options with { PreviewEvery = (int)(value ?? A1111Options.Default.PreviewEvery) }),
    ];

    private static readonly Dictionary<string, OptionRow> ByKey = Rows.ToDictionary(row => row.Key, StringComparer.Ordinal);

    /// <summary>Every key with the value in force.</summary>
    public static JsonObject Show(A1111Options options, OptionParts parts)
    {
        var shown = new JsonObject();
        foreach (var row in Rows) shown[row.Key] = row.Show(options, parts);
        shown["sd_checkpoint_hash"] = ModelOf(options, parts) is { } model ? parts.Models.StatusOf(model.Id).ContentHash ?? "" : "";
        foreach (var (key, value) in FixedOptions.All) shown[key] = value?.DeepClone();
        return shown;
    }

    /// <summary>Settings over those in force: of <c>POST /sdapi/v1/options</c>, or a request's <c>override_settings</c>. Changes nothing by itself.</summary>
    /// <param name="options">In force until now.</param>
    /// <param name="settings">An object; null or absent: nothing is set.</param>
    /// <param name="parts">What they may name.</param>
    /// <param name="faults">Gets every wrong value.</param>
    /// <param name="prefix">Stands before the keys in faults: <c>override_settings.</c>, or nothing.</param>
    /// <returns>Without the settings that are wrong.</returns>
    public static OptionChange Apply(A1111Options options, JsonElement settings, OptionParts parts, FaultList faults, string prefix = "")
    {
        var ignored = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        if (settings.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return new(options, ignored);
        if (settings.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault(prefix.TrimEnd('.'), "Settings must be an object of keys and values.", GivenValue.Shorten(settings), "an object"));
            return new(options, ignored);
        }
        foreach (var property in settings.EnumerateObject())
        {
            var key = JsonText.NameOf(property);
            if (!ByKey.TryGetValue(key, out var row))
            {
                if (key != "sd_checkpoint_hash" && ReasonOf(key, property.Value) is { } reason && ignored.Count < MaxIgnored)
                    ignored[key.Length <= MaxKey ? key : key[..MaxKey]] = reason;
                continue;
            }
            var reading = row.Read(options, property.Value, parts);
            if (reading.Options is { } changed) options = changed;
            else faults.Add(new Fault(prefix + key, $"{key} {reading.Fault}.", GivenValue.Shorten(property.Value), reading.Limit));
        }
        return new(options, ignored);
    }

    private const int MaxIgnored = 1000, MaxKey = 100; // an answer is not to be longer than what it answers

    /// <summary>Why a key changes nothing; null where it has the value that is here anyway, as in options that were read and are sent back.</summary>
    private static string? ReasonOf(string key, JsonElement value)
    {
        if (!FixedOptions.All.TryGetValue(key, out var own)) return $"Darkroom has no such option.{Suggestion.Sentence(key, ByKey.Keys)}";
        return JsonNode.DeepEquals(own, Node(value)) ? null : $"This is always {own?.ToJsonString() ?? "null"} here.";
    }

    private static JsonNode? Node(JsonElement value)
    {
        try
        {
            return JsonNode.Parse(value.GetRawText());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Models.Catalog.ModelDescription? ModelOf(A1111Options options, OptionParts parts) =>
        options.Model is { } id ? parts.Models.Find(id) : parts.Models.Default;

    private static OptionReading SetModel(A1111Options options, string? name, OptionParts parts)
    {
        if (name is null) return options with { Model = null };
        if (A1111Models.Find(name, parts.Models) is { } model)
            return model.Fault is { } fault ? new OptionReading(null, $"names a model that cannot be used: {fault}") : options with { Model = model.Id };
        var titles = A1111Models.Usable(parts.Models).Select(one => A1111Models.TitleOf(one, parts.Models)).ToArray();
        return new OptionReading(null, $"names no model of this server{Suggested(name, parts.Models.All.Select(one => one.Id))}",
            titles.Length == 0 ? "this server has no models" : "one of: " + string.Join(", ", titles));
    }

    private static OptionReading SetVae(A1111Options options, string? name, OptionParts parts)
    {
        if (name is null || A1111Models.OwnVae.Contains(name, StringComparer.OrdinalIgnoreCase)) return options with { Vae = null };
        if (A1111Models.FindVae(name, parts.Vaes) is { } vae)
            return vae.Fault is { } fault ? new OptionReading(null, $"names an autoencoder that cannot be used: {fault}") : options with { Vae = vae.Id };
        var ids = parts.Vaes?.All.Where(one => one.Fault is null).Select(one => one.Id).ToArray() ?? [];
        var limit = "one of: " + string.Join(", ", [.. A1111Models.OwnVae, .. ids]);
        return new OptionReading(null, $"names no autoencoder of this server{Suggested(name, ids)}", limit);
    }

    private static string Suggested(string given, IEnumerable<string> known) =>
        Suggestion.For(given, known) is { } name ? $"; '{name}' is one" : "";

    private static PictureFormat FormatOf(string? name) =>
        name switch { "jpg" or "jpeg" => PictureFormat.Jpeg, "webp" => PictureFormat.Webp, _ => PictureFormat.Png };
}
