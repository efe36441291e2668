namespace Darkroom.Models.Networks.T5;

/// <summary>What a T5 encoder is built of: the fields of transformers' <c>T5Config</c>. The defaults are T5 XXL's, version 1.1.</summary>
internal sealed record T5Shape
{
    /// <summary><c>vocab_size</c>.</summary>
    public int Vocabulary { get; init; } = 32128;

    /// <summary><c>d_model</c>.</summary>
    public int Width { get; init; } = 4096;

    /// <summary><c>num_layers</c>.</summary>
    public int Layers { get; init; } = 24;

    /// <summary><c>num_heads</c>.</summary>
    public int Heads { get; init; } = 64;

    /// <summary><c>d_kv</c>: width of a head.</summary>
    public int HeadWidth { get; init; } = 64;

    /// <summary><c>d_ff</c>.</summary>
    public int InnerWidth { get; init; } = 10240;

    /// <summary><c>relative_attention_num_buckets</c>.</summary>
    public int Buckets { get; init; } = 32;

    /// <summary><c>relative_attention_max_distance</c>.</summary>
    public int MaxDistance { get; init; } = 128;

    /// <summary><c>layer_norm_epsilon</c>.</summary>
    public float Epsilon { get; init; } = 1e-6f;
}
