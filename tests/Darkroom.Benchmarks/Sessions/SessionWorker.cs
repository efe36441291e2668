using System.Diagnostics;
using System.Globalization;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>The process of one variant: a line in asks for a figure, a line out has it, or several.</summary>
internal static class SessionWorker
{
    public const string Name = "session-worker";

    public static void Run(string set, string variant, string subjectName, string path, string side, string tokens)
    {
        var subject = new SessionSubject(subjectName, path, int.Parse(side, CultureInfo.InvariantCulture), int.Parse(tokens, CultureInfo.InvariantCulture), []);
        var session = new MeasuredSession(SessionVariants.Sets.Single(one => one.Name == set).Find(variant), subject);
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            int[] numbers = [.. words.Skip(1).Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
            double[] answer = words[0] switch
            {
                "time" => session.Time(numbers[0], numbers[1]),
                "pair" => [session.Pair(numbers[0], numbers[1])],
                "burn" => [session.BurnAfter(numbers[0])],
                "load" => [session.Load(numbers[0])],
                "memory" => [Process.GetCurrentProcess().WorkingSet64 / 1048576.0],
                _ => [double.NaN],
            };
            Console.WriteLine(string.Join(' ', answer.Select(figure => figure.ToString("R", CultureInfo.InvariantCulture))));
        }
    }
}
