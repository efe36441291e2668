using System.Text.Json;

namespace Darkroom.Client.Catalog;

/// <summary>A model: what it can do, what it does where a request is silent, and how it is.</summary>
public sealed record ModelInfo
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>When its files were written: Unix seconds.</summary>
    public required long Created { get; init; }

    /// <summary><c>darkroom</c></summary>
    public required string OwnedBy { get; init; }

    /// <summary>The name people know.</summary>
    public required string Title { get; init; }

    /// <summary><c>cold</c>, <c>loading</c>, <c>ready</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why its state is failed; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Its architecture; null where that was not recognised.</summary>
    public string? Family { get; init; }

    /// <summary>What it can be asked for.</summary>
    public required IReadOnlyList<GenerationTask> Tasks { get; init; }

    /// <summary>What the denoiser predicts: <c>epsilon</c>, <c>v_prediction</c>, <c>flow</c> …</summary>
    public required string Prediction { get; init; }

    /// <summary>Pixels of a side where a request gives none.</summary>
    public required int NativeSize { get; init; }

    /// <summary>Pixels: widths and heights are multiples of it.</summary>
    public required int SizeStep { get; init; }

    /// <summary>Pixels of the longest side.</summary>
    public required int MaxSize { get; init; }

    /// <summary>Channels of its pictures: 3 for colours, which an older server's all have.</summary>
    public int PictureChannels { get; init; } = 3;

    /// <summary>The value of every field that a request leaves out, by the field's name; null for a model that cannot be used.</summary>
    public JsonElement? Defaults { get; init; }

    /// <summary>The samplers that it takes.</summary>
    public required IReadOnlyList<SamplerName> Samplers { get; init; }

    /// <summary>What its graphs allow.</summary>
    public required ModelCapabilities Capabilities { get; init; }

    /// <summary>Weights of it that are in memory now, over all devices.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Null where it does not say.</summary>
    public string? Licence { get; init; }

    /// <summary>Null where there are none.</summary>
    public string? Notes { get; init; }

    /// <summary>Content hash; null until it was loaded once.</summary>
    public string? Hash { get; init; }

    /// <summary>Parts of its folder that are not used, and why.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }
}

/// <summary>What a model's graphs allow.</summary>
public sealed record ModelCapabilities
{
    /// <summary>Input channels of the denoiser.</summary>
    public required int DenoiserChannels { get; init; }

    /// <summary>Whether pictures at different steps share a call; null until the model was loaded.</summary>
    public bool? TimestepPerRow { get; init; }

    /// <summary>Why they do not; null where they do.</summary>
    public string? TimestepReason { get; init; }

    /// <summary>Element type of the timestep; null until the model was loaded.</summary>
    public string? TimestepType { get; init; }

    /// <summary>What the denoiser computes with: float32, float16, int8 or int4; null until the model was loaded.</summary>
    public string? Precision { get; init; }

    /// <summary>Whether the text encoder's last layers can be left out.</summary>
    public required bool ClipSkip { get; init; }

    /// <summary>How many of them at most; null where that is not known before the model was loaded.</summary>
    public int? MaxClipSkip { get; init; }

    /// <summary>Why none can be; null where some can.</summary>
    public string? ClipSkipReason { get; init; }

    /// <summary>Whether the guidance scale is an input of the denoiser: then it costs nothing, and no negative prompt is read.</summary>
    public required bool EmbedsGuidance { get; init; }

    /// <summary>Whether LoRA can be applied.</summary>
    public required bool Lora { get; init; }

    /// <summary>Why not; null where it can.</summary>
    public string? LoraReason { get; init; }

    /// <summary>Whether prompts may name textual inversions; null where that is not known before the model was loaded.</summary>
    public bool? Embeddings { get; init; }

    /// <summary>Why not; null where they may.</summary>
    public string? EmbeddingsReason { get; init; }

    /// <summary>Layers of the denoiser whose activations can be asked for; null in a list of models, and until the model was loaded.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>Methods of <see cref="StepCache"/> that it can do.</summary>
    public required IReadOnlyList<string> Cache { get; init; }

    /// <summary>Fields of a request that this model takes beside those that every model takes.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Why it does not take a field that others of its kind take, by the field's name.</summary>
    public required IReadOnlyDictionary<string, string> FieldReasons { get; init; }
}
