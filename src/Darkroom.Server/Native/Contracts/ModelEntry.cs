using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Diffusion.Samplers;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>A list as OpenAI's clients read it.</summary>
/// <param name="Data">In the order of their ids.</param>
public sealed record ModelList(IReadOnlyList<ModelEntry> Data)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>One model: what it can do, what it does where a request is silent, and how it is.</summary>
public sealed record ModelEntry
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>When its newest file was written: seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>OpenAI's clients want it: darkroom.</summary>
    [WireValue("darkroom")]
    public required string OwnedBy { get; init; }

    /// <summary>The name people know.</summary>
    public required string Title { get; init; }

    /// <summary>Whether it is in memory, or can be.</summary>
    [WireName("ModelState")]
    public required string State { get; init; }

    /// <summary>Why its state is failed; absent otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>The kind of model, which decides how its parts work together; absent where it is not known.</summary>
    public string? Family { get; init; }

    /// <summary>What it can do.</summary>
    [WireName("TaskName")]
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>What its network predicts, in diffusers' words: epsilon, v_prediction, sample, flow_prediction …</summary>
    public required string Prediction { get; init; }

    /// <summary>Pixels of the side that it was trained at.</summary>
    public required int NativeSize { get; init; }

    /// <summary>Pixels: width and height are multiples of it, and not below it.</summary>
    public required int SizeStep { get; init; }

    /// <summary>Pixels of the longest side of one canvas.</summary>
    public required int MaxSize { get; init; }

    /// <summary>Channels of its pictures: 3 for colours.</summary>
    public required int PictureChannels { get; init; }

    /// <summary>What counts for a field that a request leaves out; absent where the model cannot be used.</summary>
    public DefaultsAnswer? Defaults { get; init; }

    /// <summary>The samplers that it can be run with.</summary>
    [WireName("Sampler")]
    public required IReadOnlyList<string> Samplers { get; init; }

    /// <summary>What its graphs allow.</summary>
    public required CapabilitiesAnswer Capabilities { get; init; }

    /// <summary>Bytes of its weights that are in memory now, over all devices; 0 while none are.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The licence that it is under; absent where nobody said.</summary>
    public string? Licence { get; init; }

    /// <summary>What is to be known of it; absent where nothing is.</summary>
    public string? Notes { get; init; }

    /// <summary>Content hash; absent until it was loaded once.</summary>
    public string? Hash { get; init; }

    /// <summary>Parts of its folder that are not used, and why.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("model")]
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
            PictureChannels = model.PictureChannels,
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

    /// <summary>The same as a list of models has it: names of layers are hundreds.</summary>
    internal ModelEntry WithoutLayers() => this with { Capabilities = Capabilities with { Layers = null } };
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

    /// <summary>What the denoiser computes with: `float32`, `float16`, `int8` or `int4`; absent until the model was loaded.</summary>
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

    /// <summary>Layers of the denoiser whose activations can be asked for; absent before the model was loaded, and in the list of models.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>Methods of the field cache that it can do.</summary>
    [WireName("CacheMethod")]
    public required IReadOnlyList<string> Cache { get; init; }

    /// <summary>Fields of a request that this model takes beside those that every model takes.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Why it does not take a field that others of its kind take, by the field's name.</summary>
    public required IReadOnlyDictionary<string, string> FieldReasons { get; init; }

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
        Layers = c.Layers,
        Cache = c.Cache,
        Fields = [.. c.ExtraFields.Order(StringComparer.Ordinal)],
        FieldReasons = c.FieldReasons,
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
