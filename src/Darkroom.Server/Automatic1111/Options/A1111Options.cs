using Darkroom.Imaging;

namespace Darkroom.Server.Automatic1111.Options;

/// <summary>
/// What is in force for a caller of AUTOMATIC1111's API: what it set by <c>POST /sdapi/v1/options</c>, and over it what a request sets for itself. Null: the
/// caller said nothing, and the model or the server decides.
/// </summary>
internal sealed record A1111Options
{
    public static readonly A1111Options Default = new();

    /// <summary>Id of the model (<c>sd_model_checkpoint</c>); null: the server's default.</summary>
    public string? Model { get; init; }

    /// <summary>Id of the autoencoder (<c>sd_vae</c>); null: the model's own.</summary>
    public string? Vae { get; init; }

    /// <summary>The text encoder's last layer that counts, from the end: 1…12 (<c>CLIP_stop_at_last_layers</c>). One more than the native field.</summary>
    public int? ClipStop { get; init; }

    /// <summary>Whose noise is drawn (<c>randn_source</c>).</summary>
    public A1111Noise? Noise { get; init; }

    /// <summary>Added to the seed of the noise that samplers draw (<c>eta_noise_seed_delta</c>); null: nothing.</summary>
    public long? SeedDelta { get; init; }

    /// <summary>Share of fresh noise of ancestral samplers, 0…1 (<c>eta_ancestral</c>).</summary>
    public double? EtaAncestral { get; init; }

    /// <summary>Share of fresh noise of DDIM, 0…1 (<c>eta_ddim</c>).</summary>
    public double? EtaDdim { get; init; }

    /// <summary>The file format of pictures (<c>samples_format</c>).</summary>
    public PictureFormat Format { get; init; } = PictureFormat.Png;

    /// <summary>1…100, of JPEG and WebP (<c>jpeg_quality</c>).</summary>
    public int Quality { get; init; } = 80;

    /// <summary>Whether pictures hold how they were made (<c>enable_pnginfo</c>).</summary>
    public bool Metadata { get; init; } = true;

    /// <summary>Whether <c>progress</c> shows pictures in the making (<c>live_previews_enable</c>).</summary>
    public bool Previews { get; init; } = true;

    /// <summary>Steps between them, 1…32; -1: none but the finished (<c>show_progress_every_n_steps</c>).</summary>
    public int PreviewEvery { get; init; } = 10;
}

/// <summary>The values of <c>randn_source</c>. <see cref="Gpu"/> and <see cref="Nv"/> are the same numbers, CUDA's; <see cref="Cpu"/> torch's own.</summary>
internal enum A1111Noise
{
    Gpu,
    Cpu,
    Nv,
}
