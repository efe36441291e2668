namespace Darkroom.Models.Files.Safetensors;

/// <summary>Changes a weight between its file and the network: a LoRA that is merged in.</summary>
internal interface IWeightChange
{
    /// <summary>Changes some rows of the weight.</summary>
    /// <param name="rows">The rows, one behind the other; what is beyond a weight's first axis is one row.</param>
    /// <param name="first">The place of the first of them.</param>
    /// <param name="columns">Values of a row.</param>
    /// <exception cref="IOException">What it reads cannot be read.</exception>
    void Apply(Span<float> rows, int first, int columns);
}
