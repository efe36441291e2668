using System.Globalization;
using System.Text.Json.Nodes;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Looks;

/// <summary>How often the starter knows its own pictures of 20 concepts again, from their names.</summary>
internal static class ClassifyTable
{
    private const int Seeds = 3;

    public static async Task RunAsync()
    {
        await using var server = await StartedServer.StartAsync();
        var starter = new StarterPictures(server);
        var pictures = new List<(string Concept, string File)>();
        foreach (string concept in StarterPictures.Concepts)
            for (int seed = 0; seed < Seeds; seed++) pictures.Add((concept, StarterPictures.Encoded(await starter.MakeAsync(concept, 500 + seed))));
        int candidates = StarterPictures.Concepts.Length;
        Console.WriteLine($"{pictures.Count} pictures, {candidates} candidates each; chance is {1.0 / candidates:P0}");
        Console.WriteLine("| trials | right | mean confidence, right | mean confidence, wrong | evaluations of all that could be | wrong |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (int trials in (int[])[2, 8, 32])
        {
            var (sure, unsure, wrong) = (new List<double>(), new List<double>(), new List<string>());
            double evaluations = 0;
            foreach (var (concept, file) in pictures)
            {
                var answer = await starter.PostAsync("classify", new()
                {
                    ["image"] = file, ["trials"] = trials, ["seed"] = 1,
                    ["candidates"] = new JsonArray([.. StarterPictures.Concepts.Select(one => (JsonNode)one)]),
                });
                evaluations += (int)answer["evaluations"]! / (double)(trials * StarterPictures.Concepts.Length * pictures.Count);
                bool isRight = (string?)answer["best"] == concept;
                (isRight ? sure : unsure).Add((double)answer["confidence"]!);
                if (!isRight) wrong.Add($"{concept}: {answer["best"]}");
            }
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {trials} | {sure.Count} of {pictures.Count} | {sure.DefaultIfEmpty().Average():F2} | {unsure.DefaultIfEmpty().Average():F2} "
                + $"| {evaluations:P0} | {string.Join(", ", wrong)} |"));
        }
    }
}
