using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>One lane of guidance: what it reads now, and the network's last answer for it.</summary>
internal sealed class Lane(int length)
{
    public Conditioning? Conditioning { get; set; }

    /// <summary>Whether it is shown the picture of an edit.</summary>
    public bool IsShown { get; init; } = true;

    /// <summary>Its share where a prompt is composed.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>C · h · w values.</summary>
    public float[] Output { get; } = new float[length];
}
