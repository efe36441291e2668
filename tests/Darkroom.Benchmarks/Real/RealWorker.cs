using System.Diagnostics;
using System.Globalization;
using Darkroom.Benchmarks.Sessions;
using Darkroom.Models.Residency;

namespace Darkroom.Benchmarks.Real;

/// <summary>The process of one contestant: it opens the model, says that it is ready for the first step, and answers a line with a line of figures.</summary>
internal static class RealWorker
{
    public const string Name = "real-worker";

    /// <summary>Values of an answer that are told; the whole would be a long line.</summary>
    private const int ToldValues = 4096;

    /// <param name="path">The checkpoint, or the folder of the exported graphs.</param>
    public static void Run(string contestant, string kind, string path, string side, string threads)
    {
        int pixels = int.Parse(side, CultureInfo.InvariantCulture), wide = int.Parse(threads, CultureInfo.InvariantCulture);
        using IMeasuredModel model = Contestant.Find(contestant).IsPlain ? PlainModel.Open(path, kind, pixels, wide)
            : ServedModel.Open(path, pixels, new DeviceSpec { Threads = wide });
        Say(1);
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            switch (words[0])
            {
                case "text": Say(Time(model.Encode, words[1])); break;
                case "step": Say(Time(() => model.Step(), words[1])); break;
                case "decode": Say(Time(model.Decode, words[1])); break;
                case "answer": Say(Told(model.Step())); break;
                case "memory": Say(ProcessFigures.Anonymous, ProcessFigures.Resident, ProcessFigures.Peak); break;
                case "reset":
                    ProcessFigures.ResetPeak();
                    Say(1);
                    break;
                default: Say(double.NaN); break;
            }
        }
    }

    /// <summary>
    /// Seconds of a call, the median of some behind two that are not counted: with a memory pattern the first tells what is needed, and the second takes it
    /// from the system in one piece.
    /// </summary>
    private static double Time(Action call, string count)
    {
        call();
        call();
        double[] times = new double[int.Parse(count, CultureInfo.InvariantCulture)];
        for (int i = 0; i < times.Length; i++)
        {
            long began = Stopwatch.GetTimestamp();
            call();
            times[i] = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        return Middle.Of(times).Median;
    }

    private static double[] Told(float[] values)
    {
        int stride = Math.Max(1, values.Length / ToldValues);
        return [.. values.Where((_, index) => index % stride == 0).Select(value => (double)value)];
    }

    private static void Say(params double[] figures) =>
        Console.WriteLine(string.Join(' ', figures.Select(figure => figure.ToString("R", CultureInfo.InvariantCulture))));
}
