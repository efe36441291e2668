using System.Text.Json;

namespace Darkroom.Diffusion.Tests.Conformance;

/// <summary>
/// The stand-in for a network that the golden trajectories were made with:
/// out = A tanh(B x + C sin(D t/1000 + E ch)) + F x cos(G t/1000 + H ch + I b), in double, rounded to float32 once.
/// </summary>
internal sealed class PseudoModel(JsonElement constants)
{
    private readonly double a = Of(constants, "A"), b = Of(constants, "B"), c = Of(constants, "C"), d = Of(constants, "D"), e = Of(constants, "E");
    private readonly double f = Of(constants, "F"), g = Of(constants, "G"), h = Of(constants, "H"), i = Of(constants, "I");

    /// <param name="scaledInput">[batch, channels, spatial], as the network would see it.</param>
    /// <param name="t">The timestep handed to the network.</param>
    /// <param name="channels">Channels of one picture.</param>
    /// <param name="spatial">Values of one channel: height · width.</param>
    /// <param name="output">[batch, channels, spatial]</param>
    /// <param name="firstBatch">Batch index of the first picture: a row run on its own keeps the place it had in the golden batch.</param>
    public void Evaluate(ReadOnlySpan<float> scaledInput, double t, int channels, int spatial, Span<float> output, int firstBatch = 0)
    {
        for (int at = 0; at < scaledInput.Length; at++)
        {
            int channel = at / spatial % channels, batch = firstBatch + at / (spatial * channels);
            double x = scaledInput[at];
            double bend = c * Math.Sin(d * t / 1000 + e * channel);
            double swing = Math.Cos(g * t / 1000 + h * channel + i * batch);
            output[at] = (float)(a * Math.Tanh(b * x + bend) + f * x * swing);
        }
    }

    private static double Of(JsonElement constants, string name) => constants.GetProperty(name).GetDouble();
}
