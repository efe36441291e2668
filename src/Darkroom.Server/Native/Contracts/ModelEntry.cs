using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Diffusion.Samplers;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Native.Contracts;

/// <summary>A list as OpenAI's clients read it.</summary>
public sealed record ModelList(IReadOnlyList<ModelEntry> Data)
{
    public string Object => "list";
}

/// <summary>One model: what it can do, what it does where a request is silent, and how it is.</summary>
public sealed record ModelEntry
{
    public required string Id { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long Created { get; init; }

    public required string OwnedBy { get; init; }
    public required string Title { get; init; }
    public required string State { get; init; }

    /// <summary>Why its state is failed; absent otherwise.</summary>
    public string? Reason { get; init; }

    public string? Family { get; init; }
    public required IReadOnlyList<string> Tasks { get; init; }
    public required string Prediction { get; init; }
    public required int NativeSize { get; init; }
    public required int SizeStep { get; init; }
    public required int MaxSize { get; init; }
    public DefaultsAnswer? Defaults { get; init; }
    public required IReadOnlyList<string> Samplers { get; init; }
    public required CapabilitiesAnswer Capabilities { get; init; }

    /// <summary>Weights of it that are in memory now, over all devices; 0 while none are.</summary>
    public required long MemoryBytes { get; init; }

    public string? Licence { get; init; }
    public string? Notes { get; init; }

    /// <summary>Content hash; absent until it was loaded once.</summary>
    public string? Hash { get; init; }

    /// <summary>Parts of its folder that are not used, and why.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    public string Object => "model";

    internal static ModelEntry Of(ModelDescription model, ModelStatus status)
    {
        var usable = model.Fault is null;
        return new()
        {
            Id = model.Id,
            Created = model.Created.ToUnixTimeSeconds(),
            OwnedBy = "darkroom",
            Title = model.Title,
            State = usable ? WireNames.Of(status.State) : "failed",
            Reason = model.Fault ?? status.Reason,
            Family = model.Family,
            Tasks = model.Tasks,
            Prediction = model.Prediction,
            NativeSize = model.NativeSize,
            SizeStep = model.SizeStep,
            MaxSize = model.MaxSize,
            Defaults = usable ? new(model) : null,
            Samplers = usable ? [.. SamplersOf(model).Select(sampler => sampler.Name)] : [],
            Capabilities = CapabilitiesAnswer.Of(model.Capabilities),
            MemoryBytes = status.ResidentBytes,
            Licence = model.Licence,
            Notes = model.Notes,
            Hash = status.ContentHash,
            Ignored = model.Ignored,
        };
    }

    private static IEnumerable<SamplerInfo> SamplersOf(ModelDescription model) =>
        SamplerCatalog.All.Where(sampler => sampler.TakesFlow || !SamplerCatalog.IsFlowClass(model.SamplerClass));
}

/// <summary>What the graphs allow.</summary>
public sealed record CapabilitiesAnswer
{
    /// <summary>Input channels of the denoiser.</summary>
    public required int DenoiserChannels { get; init; }

    /// <summary>Whether pictures at different steps share a call; absent until the model was loaded.</summary>
    public bool? TimestepPerRow { get; init; }

    /// <summary>Why they do not; absent where they do.</summary>
    public string? TimestepReason { get; init; }

    /// <summary>Element type of the timestep; an integer graph gets the nearest integer.</summary>
    public string? TimestepType { get; init; }

    /// <summary>Element type of the denoiser.</summary>
    public string? Precision { get; init; }

    /// <summary>Whether the text encoder's last layers can be left out.</summary>
    public required bool ClipSkip { get; init; }

    /// <summary>How many of them at most; absent where that is not known before the model was loaded.</summary>
    public int? MaxClipSkip { get; init; }

    /// <summary>Why none can be; absent where some can.</summary>
    public string? ClipSkipReason { get; init; }

    /// <summary>Whether the guidance scale is an input of the denoiser: then it costs nothing, and no negative prompt is read.</summary>
    public required bool EmbedsGuidance { get; init; }

    /// <summary>Whether LoRA can be applied.</summary>
    public required bool Lora { get; init; }

    /// <summary>Why not; absent where it can.</summary>
    public string? LoraReason { get; init; }

    /// <summary>Whether prompts may name textual inversions; absent where that is not known before the model was loaded.</summary>
    public bool? Embeddings { get; init; }

    /// <summary>Why not; absent where they may.</summary>
    public string? EmbeddingsReason { get; init; }

    /// <summary>Fields of a request that this model takes beside those that every model takes.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    internal static CapabilitiesAnswer Of(ModelCapabilities c) => new()
    {
        DenoiserChannels = c.DenoiserChannels,
        TimestepPerRow = c.TimestepPerRow,
        TimestepReason = c.TimestepReason,
        TimestepType = c.TimestepType,
        Precision = c.Precision,
        ClipSkip = c.ClipSkip,
        MaxClipSkip = c.MaxClipSkip,
        ClipSkipReason = c.ClipSkipReason,
        EmbedsGuidance = c is { EmbedsGuidance: true, IgnoresGuidance: false },
        Lora = c.Lora,
        LoraReason = c.LoraReason,
        Embeddings = c.Embeddings,
        EmbeddingsReason = c.EmbeddingsReason,
        Fields = [.. c.ExtraFields.Order(StringComparer.Ordinal)],
    };
}

/// <summary>The value of every field that a request to this model leaves out; null where none applies.</summary>
[JsonConverter(typeof(DefaultsWriter))]
public sealed record DefaultsAnswer(ModelDescription Model);

internal sealed class DefaultsWriter : JsonConverter<DefaultsAnswer>
{
    public override DefaultsAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Defaults are only written.");

    public override void Write(Utf8JsonWriter writer, DefaultsAnswer value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var row in FieldTable.All.Where(row => row.ModelSets && (!row.NeedsCapability || value.Model.Capabilities.ExtraFields.Contains(row.Name))))
            FieldBindings.Of(row).WriteDefault(writer, value.Model);
        writer.WriteEndObject();
    }
}
