using NetArchTest.Rules;

namespace Darkroom.Architecture;

/// <summary>What the server's folders may know of the rooms below.</summary>
public sealed class ServerTests
{
    private static readonly Types Server = Types.InAssembly(typeof(Program).Assembly);

    [Fact]
    public void Endpoints_speak_to_the_engine_through_its_front_door() =>
        Holds(Server.That().ResideInNamespace("Darkroom.Server.Endpoints").ShouldNot().HaveDependencyOnAny(
            "Darkroom.Engine.Execution", "Darkroom.Engine.Scheduling", "Darkroom.Models.Families", "Darkroom.Models.Sessions", "Darkroom.Storage").GetResult());

    [Fact]
    public void Validation_sees_descriptions_of_models_alone() =>
        Holds(Server.That().ResideInNamespace("Darkroom.Server.Validation").ShouldNot().HaveDependencyOnAny(
            "Darkroom.Models.Families", "Darkroom.Models.Sessions", "Darkroom.Engine.Execution", "Darkroom.Storage",
            "Microsoft.AspNetCore.Http.HttpContext").GetResult());

    private static void Holds(NetArchTest.Rules.TestResult result) =>
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
}
