using System.Numerics.Tensors;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>One lane of guidance: what it reads now, and the network's last answer for it.</summary>
internal sealed class Lane(int length)
{
    private float[][] sums = []; // what is added, kept from step to step

    public Conditioning? Conditioning { get; set; }

    /// <summary>Whether it is shown the picture of an edit.</summary>
    public bool IsShown { get; init; } = true;

    /// <summary>What a ControlNet answered last for it.</summary>
    public ControlAnswers Control { get; } = new();

    /// <summary>What ControlNets add at this step, together; null: nothing.</summary>
    public float[][]? Residuals { get; private set; }

    /// <summary>Its share where a prompt is composed.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>C · h · w values.</summary>
    public float[] Output { get; } = new float[length];

    /// <summary>A step begins: nothing is added yet.</summary>
    public void Forget() => Residuals = null;

    /// <summary>Adds what a ControlNet answered, each answer by its weight.</summary>
    public void Add(Func<int, int, double> weightOf)
    {
        float[][] answers = Control.Values;
        if (Residuals is null)
        {
            if (sums.Length != answers.Length) sums = [.. answers.Select(answer => new float[answer.Length])];
            foreach (float[] sum in sums) Array.Clear(sum);
            Residuals = sums;
        }
        for (int i = 0; i < answers.Length; i++)
            TensorPrimitives.MultiplyAdd(answers[i], (float)weightOf(i, answers.Length), Residuals[i], Residuals[i]);
    }
}
