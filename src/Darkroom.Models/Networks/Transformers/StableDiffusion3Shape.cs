namespace Darkroom.Models.Networks.Transformers;

/// <summary>
/// What Stable Diffusion 3's transformer is built of: the fields of diffusers' <c>SD3Transformer2DModel</c> config. The defaults are SD 3 medium's.
/// </summary>
internal sealed record StableDiffusion3Shape
{
    /// <summary><c>in_channels</c> and <c>out_channels</c>.</summary>
    public int Channels { get; init; } = 16;

    /// <summary><c>patch_size</c>.</summary>
    public int PatchSize { get; init; } = 2;

    /// <summary><c>num_layers</c>.</summary>
    public int Layers { get; init; } = 24;

    /// <summary><c>num_attention_heads</c>.</summary>
    public int Heads { get; init; } = 24;

    /// <summary><c>attention_head_dim</c>.</summary>
    public int HeadWidth { get; init; } = 64;

    /// <summary><c>joint_attention_dim</c>: width of the text's features.</summary>
    public int TextWidth { get; init; } = 4096;

    /// <summary><c>pooled_projection_dim</c>.</summary>
    public int PooledWidth { get; init; } = 2048;

    /// <summary><c>pos_embed_max_size</c>: patches along a side of the largest picture that positions were trained for.</summary>
    public int MaxPatches { get; init; } = 192;

    /// <summary><c>qk_norm</c>: whether it is rms_norm, as in SD 3.5; else there is none.</summary>
    public bool NormalisesQueries { get; init; }

    /// <summary><c>dual_attention_layers</c>: the blocks with a second attention, of the picture to itself, as in SD 3.5 medium.</summary>
    public IReadOnlyList<int> DualLayers { get; init; } = [];

    /// <summary>Width of the sequences.</summary>
    public int Width => Heads * HeadWidth;
}
