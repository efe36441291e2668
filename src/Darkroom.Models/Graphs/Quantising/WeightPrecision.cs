namespace Darkroom.Models.Graphs.Quantising;

/// <summary>What the large layers of a model compute with.</summary>
public enum WeightPrecision
{
    /// <summary>What is best known on the device: float32 on a CPU, float16 on a GPU.</summary>
    Auto,

    /// <summary>float32.</summary>
    Float32,

    /// <summary>float16: a GPU alone has kernels for it.</summary>
    Float16,

    /// <summary>Weights and activations of 8 bits.</summary>
    Int8,

    /// <summary>Weights of linear layers of 4 bits, the rest as <see cref="Int8"/>: for memory alone.</summary>
    Int4,
}

/// <summary>How cards and settings write it.</summary>
public static class WeightPrecisions
{
    /// <summary>Every word, in the order in which they are explained.</summary>
    public static IReadOnlyList<string> Words { get; } = ["auto", "fp32", "fp16", "int8", "int4"];

    public static string Word(this WeightPrecision precision) => Words[(int)precision];

    /// <returns>Null where it is none of the words.</returns>
    public static WeightPrecision? Find(string word) => Words.Index().Where(known => known.Item == word).Select(known => (WeightPrecision?)known.Index)
        .FirstOrDefault();
}
