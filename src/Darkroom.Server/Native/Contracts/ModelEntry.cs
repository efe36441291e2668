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
/// <param name="Created">Unix seconds.</param>
/// <param name="Reason">Why its state is failed; absent otherwise.</param>
/// <param name="MemoryBytes">Weights of it that are in memory now, over all devices; 0 while none are.</param>
/// <param name="Hash">Content hash; absent until it was loaded once.</param>
/// <param name="Ignored">Parts of its folder that are not used, and why.</param>
public sealed record ModelEntry(
    string Id,
    long Created,
    string OwnedBy,
    string Title,
    string State,
    string? Reason,
    string? Family,
    IReadOnlyList<string> Tasks,
    string Prediction,
    int NativeSize,
    int SizeStep,
    int MaxSize,
    DefaultsAnswer? Defaults,
    IReadOnlyList<string> Samplers,
    CapabilitiesAnswer Capabilities,
    long MemoryBytes,
    string? Licence,
    string? Notes,
    string? Hash,
    IReadOnlyList<string> Ignored)
{
    public string Object => "model";

    internal static ModelEntry Of(ModelDescription model, ModelStatus status)
    {
        var usable = model.Fault is null;
        return new(
            model.Id, model.Created.ToUnixTimeSeconds(), "darkroom", model.Title,
            usable ? WireNames.Of(status.State) : "failed", model.Fault ?? status.Reason,
            model.Family, model.Tasks, model.Prediction, model.NativeSize, model.SizeStep, model.MaxSize,
            usable ? new(model) : null,
            usable ? [.. SamplerCatalog.All.Select(sampler => sampler.Name)] : [],
            CapabilitiesAnswer.Of(model.Capabilities), status.ResidentBytes, model.Licence, model.Notes, status.ContentHash, model.Ignored);
    }
}

/// <summary>What the graphs allow.</summary>
/// <param name="DenoiserChannels">Input channels of the denoiser.</param>
/// <param name="TimestepPerRow">Whether pictures at different steps share a call; absent until the model was loaded.</param>
/// <param name="TimestepReason">Why they do not; absent where they do.</param>
/// <param name="TimestepType">Element type of the timestep; an integer graph gets the nearest integer.</param>
/// <param name="Precision">Element type of the denoiser.</param>
/// <param name="ClipSkip">Whether the text encoder's last layers can be left out.</param>
/// <param name="MaxClipSkip">How many of them at most; absent where that is not known before the model was loaded.</param>
/// <param name="ClipSkipReason">Why none can be; absent where some can.</param>
/// <param name="Lora">Whether LoRA can be applied.</param>
/// <param name="Fields">Fields of a request that this model takes beside those that every model takes.</param>
public sealed record CapabilitiesAnswer(
    int DenoiserChannels,
    bool? TimestepPerRow,
    string? TimestepReason,
    string? TimestepType,
    string? Precision,
    bool ClipSkip,
    int? MaxClipSkip,
    string? ClipSkipReason,
    bool Lora,
    IReadOnlyList<string> Fields)
{
    internal static CapabilitiesAnswer Of(ModelCapabilities c) => new(
        c.DenoiserChannels, c.TimestepPerRow, c.TimestepReason, c.TimestepType, c.Precision, c.ClipSkip, c.MaxClipSkip, c.ClipSkipReason, c.Lora,
        [.. c.ExtraFields.Order(StringComparer.Ordinal)]);
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
