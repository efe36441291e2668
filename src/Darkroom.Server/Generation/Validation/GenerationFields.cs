using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Models.Fields;
using Darkroom.Models.Graphs;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// The rows of the table that every generation takes, bound to the request. A new field is a row there, a line here and one in
/// <see cref="GenerationValidation"/>.
/// </summary>
internal static class GenerationFields
{
    /// <summary>diffusers' for instruct-pix2pix.</summary>
    private const double DefaultImageGuidance = 1.5;

    /// <summary>The most pictures of a job: OpenAI's API has more of them than the field.</summary>
    public const int MaxPictures = 10;

    public static readonly TextField Prompt = new(FieldTable.Prompt) { Used = p => p.Request.Prompt };

    public static readonly TextField NegativePrompt = new(FieldTable.NegativePrompt) { Used = p => p.Request.NegativePrompt, IsNullable = true };

    public static readonly TextField Model = new(FieldTable.Model) { Used = p => p.Request.Model };

    public static readonly SizeField Width = new(FieldTable.Width)
        { Used = p => p.Request.Width, Fallback = m => m.FixedSize?.Width ?? m.NativeSize, FixedOf = size => size.Width };

    public static readonly SizeField Height = new(FieldTable.Height)
        { Used = p => p.Request.Height, Fallback = m => m.FixedSize?.Height ?? m.NativeSize, FixedOf = size => size.Height };

    public static readonly WholeField Steps = new(FieldTable.Steps) { Used = p => p.Request.Steps };

    public static readonly NumberField GuidanceScale = new(FieldTable.GuidanceScale) { Used = p => p.Request.GuidanceScale };

    public static readonly NumberField GuidanceRescale = new(FieldTable.GuidanceRescale) { Used = p => p.Request.GuidanceRescale };

    public static readonly SpanField GuidanceInterval = new(FieldTable.GuidanceInterval) { Used = p => p.Request.GuidanceInterval };

    public static readonly ChoiceField<string?> Sampler = new(FieldTable.Sampler, Choices.NamesOf(FieldTable.Sampler)) 
        { Used = p => p.Request.Sampler ?? FieldTable.OwnSampler, Fallback = m => SamplerNames.Of(m) ?? FieldTable.OwnSampler };

    public static readonly ChoiceField<string?> Schedule = new(FieldTable.Schedule, Choices.NamesOf(FieldTable.Schedule))
        { Used = p => p.Request.Schedule ?? ScheduleCatalog.Default };

    public static readonly NumberField Eta = new(FieldTable.Eta) { Used = p => p.Request.Eta, IsNullable = true };

    public static readonly WholeField Seed = new(FieldTable.Seed) { Used = p => p.Request.Seed };

    public static readonly WholeField Count = new(FieldTable.Count) { Used = p => p.Request.Count, MaxUsed = MaxPictures };

    public static readonly ChoiceField<NoiseSource> NoiseSource = new(FieldTable.NoiseSource, Choices.Of<Engine.Jobs.NoiseSource>())
        { Used = p => p.Request.NoiseSource };

    public static readonly WholeField ClipSkip = new(FieldTable.ClipSkip) { Used = p => p.Request.ClipSkip, MaxOf = m => m.Capabilities.MaxClipSkip };

    public static readonly ChoiceField<PromptStyle> PromptStyle = new(FieldTable.PromptStyle, Choices.Of<Engine.Jobs.PromptStyle>())
        { Used = p => p.Request.PromptStyle };

    public static readonly ChoiceField<Compatibility> Compatibility = new(FieldTable.Compatibility, Choices.Of<Engine.Jobs.Compatibility>())
        { Used = p => p.Request.Compatibility };

    public static readonly ChoiceField<PictureFormat> Format = new(FieldTable.Format, PictureFormats.Asked) { Used = p => p.Request.Format };

    public static readonly WholeField Quality = new(FieldTable.Quality) { Used = p => p.Request.Quality };

    public static readonly WholeChoiceField BitDepth = new(FieldTable.BitDepth) { Used = p => p.Request.BitDepth };

    public static readonly FlagField Metadata = new(FieldTable.Metadata) { Used = p => p.Request.Metadata };

    public static readonly UpscaleField Upscale = new(FieldTable.Upscale)
        { Used = p => p.Request.Upscale is { } order ? new(order.Model, order.Scale) : null, IsNullable = true };

    public static readonly ChoiceField<ReturnMode> Return = new(FieldTable.Return, Choices.Of<ReturnMode>()) { Used = p => p.Return };

    public static readonly ChoiceField<JobPriority> Priority = new(FieldTable.Priority, Choices.Of<JobPriority>()) { Used = p => p.Request.Priority };

    public static readonly NumberField Deadline = new(FieldTable.Deadline) { Used = p => p.Request.Deadline, IsNullable = true };

    public static readonly WebhookField Webhook = new(FieldTable.Webhook);

    public static readonly WholeField PreviewEvery = new(FieldTable.PreviewEvery) { Used = p => p.Request.PreviewEvery };

    public static readonly TextField Prompt2 = new(FieldTable.Prompt2) { Used = p => p.Request.Prompt2 };

    public static readonly TextField NegativePrompt2 = new(FieldTable.NegativePrompt2) { Used = p => p.Request.NegativePrompt2 };

    public static readonly PixelPairField OriginalSize = new(FieldTable.OriginalSize) { Used = p => p.Request.OriginalSize };

    public static readonly PixelPairField TargetSize = new(FieldTable.TargetSize) { Used = p => p.Request.TargetSize };

    public static readonly PixelPairField Crop = new(FieldTable.Crop) { Used = p => p.Request.Crop };

    public static readonly PixelPairField NegativeOriginalSize = new(FieldTable.NegativeOriginalSize) { Used = p => p.Request.NegativeOriginalSize };

    public static readonly PixelPairField NegativeTargetSize = new(FieldTable.NegativeTargetSize) { Used = p => p.Request.NegativeTargetSize };

    public static readonly PixelPairField NegativeCrop = new(FieldTable.NegativeCrop) { Used = p => p.Request.NegativeCrop };

    public static readonly OptionalWholeField MaxTextTokens = new(FieldTable.MaxTextTokens)
        { Used = p => p.Request.MaxTextTokens, Fallback = m => m.TextTokens };

    public static readonly NumberField TrueGuidanceScale = new(FieldTable.TrueGuidanceScale) { Used = p => p.Request.TrueGuidanceScale };

    public static readonly NumberField Shift = new(FieldTable.Shift) { Used = p => p.Request.Shift };

    public static readonly NumberField ImageGuidanceScale = new(FieldTable.ImageGuidanceScale)
        { Used = p => p.Request.ImageGuidanceScale, Fallback = m => m.ShowsPicture ? DefaultImageGuidance : null };

    public static readonly OptionalWholeField ClassLabel = new(FieldTable.ClassLabel) { Used = p => p.Request.ClassLabel, MaxOf = m => m.Classes - 1 };

    public static readonly ControlsField Controls = new(FieldTable.Controls);

    public static readonly LoraField Loras = new(FieldTable.Loras)
    {
        Used = p => p.Request.Loras is { Count: > 0 } loras
            ? [.. loras.Select(lora => new LoraPick(lora.Id, lora.Weight, lora.TextWeight, lora.Hash))] : null,
    };

    /// <summary>Told where none was named, too: a file that comes later must not change what the prompt's words mean.</summary>
    public static readonly EmbeddingField Embeddings = new(FieldTable.Embeddings)
    {
        Used = p => p.Request.Embeddings is { } embeddings ? [.. embeddings.Select(one => new EmbeddingPick(one.Id, one.Hash))] : null,
    };

    public static readonly TextField Vae = new(FieldTable.Vae) { Used = p => p.Request.Vae?.Id };

    public static readonly TextField VaeHash = new(FieldTable.VaeHash) { Used = p => p.Request.Vae?.Hash };

    public static readonly HiresField Hires = new(FieldTable.Hires)
    {
        Used = p => p.Request.Hires is not { } hires ? null : new()
        {
            Scale = hires.Scale,
            Width = hires.Scale is null ? hires.Width : null,
            Height = hires.Scale is null ? hires.Height : null,
            Upscaler = hires.Upscaler,
            Steps = hires.Steps,
            Strength = hires.Strength,
            Prompt = hires.Prompt,
            NegativePrompt = hires.NegativePrompt,
            Sampler = hires.Sampler,
        },
    };

    public static readonly TilingField Tiling = new(FieldTable.Tiling)
        { Used = p => p.Request.Tiling is var axes and not WrapAxes.None ? axes : null };

    public static readonly CacheField Cache = new(FieldTable.Cache) { Used = p => CacheRules.ChoiceOf(p.Request.Cache) };

    public static readonly WordsField Explain = new(FieldTable.Explain)
        { Used = p => p.Request.Explain is { Count: > 0 } words ? new(false, words) : null };

    public static readonly TextField ModelHash = new(FieldTable.ModelHash) { Used = p => p.ModelHash, IsNullable = true };

    public static readonly IReadOnlyList<Field> All =
    [
        Prompt, NegativePrompt, Model, Width, Height, Steps, GuidanceScale, GuidanceRescale, GuidanceInterval, Sampler, Schedule, Eta, Seed, Count,
        NoiseSource, ClipSkip, PromptStyle, Compatibility, Format, Quality, BitDepth, Metadata, Upscale, Return, Priority, Deadline, Webhook, PreviewEvery,
        Prompt2, NegativePrompt2, OriginalSize, TargetSize, Crop, NegativeOriginalSize, NegativeTargetSize, NegativeCrop,
        MaxTextTokens, TrueGuidanceScale, Shift, ImageGuidanceScale, ClassLabel, Controls, Loras, Embeddings, Vae, VaeHash, ModelHash, Hires, Tiling,
        Cache, Explain,
    ];
}
