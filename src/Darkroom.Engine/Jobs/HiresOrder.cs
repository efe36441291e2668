using System.Text.Json.Serialization;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Fields;

namespace Darkroom.Engine.Jobs;

/// <summary>A second pass: what the first made is enlarged, noised and denoised again.</summary>
public sealed record HiresOrder
{
    /// <summary>Pixels of the second pass; multiples of the model's size step.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>1…4: what the size follows from; null: the size was asked for.</summary>
    public double? Scale { get; init; }

    /// <summary>A name of <see cref="LatentUpscale"/>, or an upscaler's id: then the picture is decoded, enlarged and encoded between the passes.</summary>
    public string Upscaler { get; init; } = LatentUpscale.Default;

    /// <summary>1…150: steps of the second pass's schedule; for A1111 and ComfyUI those that are run.</summary>
    public required int Steps { get; init; }

    /// <summary>0…1: the share of the noise that is put on what the first pass made.</summary>
    public required double Strength { get; init; }

    /// <summary>Which steps of a schedule that means to diffusers.</summary>
    public StrengthRule Rule { get; init; }

    /// <summary>Whose rule for strength and steps is followed.</summary>
    public Compatibility Counting { get; init; }

    /// <summary>What the second pass reads; null: what the first did.</summary>
    public string? Prompt { get; init; }

    public string? NegativePrompt { get; init; }

    /// <summary>A sampler's name, <see cref="FieldTable.OwnSampler"/> for the model's own class as it stands; null: as the first pass.</summary>
    public string? Sampler { get; init; }

    /// <summary>0…1: that of the second pass's sampler; null: its own.</summary>
    public double? Eta { get; init; }

    /// <summary>The sampler of a second pass; null: the model's own class as it stands.</summary>
    /// <param name="named">As <see cref="Sampler"/> has it.</param>
    /// <param name="first">That of the first pass.</param>
    public static string? SamplerOf(string? named, string? first) => named == FieldTable.OwnSampler ? null : named ?? first;

    /// <summary>Whether the latents are enlarged as they are.</summary>
    [JsonIgnore]
    public bool IsLatent => LatentUpscale.Find(Upscaler) is not null;

    /// <summary>
    /// The schedule, and what of it is run. diffusers' programs leave out the first steps; the others run as many as asked, the last of a longer one.
    /// </summary>
    [JsonIgnore]
    public ImageToImageSteps Run => Counting switch
    {
        Compatibility.A1111 => ImageToImageSteps.A1111AllSteps(Steps, Strength) ?? new(Steps, Steps, 0),
        Compatibility.Comfyui => ImageToImageSteps.ComfyUi(Steps, Strength),
        _ when Rule == StrengthRule.RoundsUp => ImageToImageSteps.DiffusersFlow(Steps, Strength),
        _ when Rule == StrengthRule.PicksTimesteps && Strength > 0 => new(Steps, 0, Steps),
        _ => ImageToImageSteps.Diffusers(Steps, Strength),
    };

    /// <summary>The factor of the longer way: what is enlarged covers the second canvas, and what stands over is cut off evenly.</summary>
    /// <param name="width">Pixels of the first pass.</param>
    /// <param name="height">Pixels of the first pass.</param>
    public double FactorFrom(int width, int height) => Math.Max((double)Width / width, (double)Height / height);
}

/// <summary>The ways to enlarge latents as they are, by A1111's names.</summary>
/// <param name="Name">On the wire.</param>
/// <param name="Title">A1111's.</param>
/// <param name="Filter">The rule.</param>
/// <param name="Antialias">Whether with antialiasing.</param>
public sealed record LatentUpscale(string Name, string Title, LatentFilter Filter, bool Antialias = false)
{
    public const string Default = "latent";

    public static IReadOnlyList<LatentUpscale> All { get; } =
    [
        new(Default, "Latent", LatentFilter.Bilinear),
        new("latent_antialiased", "Latent (antialiased)", LatentFilter.Bilinear, Antialias: true),
        new("latent_bicubic", "Latent (bicubic)", LatentFilter.Bicubic),
        new("latent_bicubic_antialiased", "Latent (bicubic antialiased)", LatentFilter.Bicubic, Antialias: true),
        new("latent_nearest", "Latent (nearest)", LatentFilter.Nearest),
        new("latent_nearest_exact", "Latent (nearest-exact)", LatentFilter.NearestExact),
    ];

    /// <summary>The way of a name, or of A1111's title; null: it is none of these.</summary>
    public static LatentUpscale? Find(string name) =>
        All.FirstOrDefault(one => one.Name == name || string.Equals(one.Title, name, StringComparison.OrdinalIgnoreCase));
}
