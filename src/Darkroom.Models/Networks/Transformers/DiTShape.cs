namespace Darkroom.Models.Networks.Transformers;

/// <summary>What a DiT is built of: the fields of diffusers' <c>DiTTransformer2DModel</c> config. The defaults are DiT XL/2's at 256 pixels.</summary>
internal sealed record DiTShape
{
    /// <summary><c>in_channels</c>.</summary>
    public int InChannels { get; init; } = 4;

    /// <summary><c>out_channels</c>: twice as many, as the variance is answered too.</summary>
    public int OutChannels { get; init; } = 8;

    /// <summary><c>patch_size</c>.</summary>
    public int PatchSize { get; init; } = 2;

    /// <summary><c>sample_size</c>: cells along a side of the only size that it draws.</summary>
    public int SampleSize { get; init; } = 32;

    /// <summary><c>num_layers</c>.</summary>
    public int Layers { get; init; } = 28;

    /// <summary><c>num_attention_heads</c>.</summary>
    public int Heads { get; init; } = 16;

    /// <summary><c>attention_head_dim</c>.</summary>
    public int HeadWidth { get; init; } = 72;

    /// <summary><c>num_embeds_ada_norm</c>: number of classes; one more stands for none.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary><c>norm_eps</c>.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Width of the sequences.</summary>
    public int Width => Heads * HeadWidth;
}
