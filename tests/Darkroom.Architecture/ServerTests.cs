using NetArchTest.Rules;

namespace Darkroom.Architecture;

/// <summary>What the server's folders may know of each other and of the rooms below.</summary>
public sealed class ServerTests
{
    private static readonly Types Server = Types.InAssembly(typeof(Program).Assembly);

    [Fact]
    public void The_core_of_generation_knows_no_HTTP_and_no_surface() =>
        Holds("Darkroom.Server.Generation", "Microsoft.AspNetCore", "Microsoft.Net.Http", "System.Net.Http", "Swashbuckle",
            "Darkroom.Server.Http", "Darkroom.Server.Problems", "Darkroom.Server.OpenApi", "Darkroom.Server.Native",
            "Darkroom.Server.OpenAi", "Darkroom.Server.Automatic1111", "Darkroom.Server.Commands", "Darkroom.Server.Configuration");

    [Fact]
    public void Validation_sees_descriptions_of_models_alone() =>
        Holds("Darkroom.Server.Generation.Validation",
            "Darkroom.Models.Families", "Darkroom.Models.Sessions", "Darkroom.Engine.Execution", "Darkroom.Engine.Queue", "Darkroom.Storage");

    [Theory]
    [InlineData("Darkroom.Server.Native")]
    [InlineData("Darkroom.Server.OpenAi")]
    public void A_surface_speaks_to_the_engine_through_its_front_door(string surface) =>
        Holds(surface, "Darkroom.Engine.Execution", "Darkroom.Engine.Scheduling", "Darkroom.Models.Families", "Darkroom.Models.Sessions", "Darkroom.Storage");

    [Fact]
    public void Surfaces_do_not_stand_on_each_other()
    {
        Holds("Darkroom.Server.Native", "Darkroom.Server.OpenAi");
        Holds("Darkroom.Server.OpenAi", "Darkroom.Server.Native");
    }

    /// <summary>They may work on a server elsewhere; the server itself has nothing to ask another one.</summary>
    [Fact]
    public void Only_commands_use_the_client()
    {
        var others = Server.That().DoNotResideInNamespaceStartingWith("Darkroom.Server.Commands");
        var result = others.ShouldNot().HaveDependencyOn("Darkroom.Client").GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
        Assert.NotEmpty(Server.That().ResideInNamespaceStartingWith("Darkroom.Server.Commands").And().HaveDependencyOn("Darkroom.Client").GetTypes());
    }

    [Fact]
    public void Commands_make_pictures_without_HTTP() =>
        Holds("Darkroom.Server.Commands",
            "Microsoft.AspNetCore.Http.HttpContext", "Microsoft.AspNetCore.Http.IHeaderDictionary", "Microsoft.AspNetCore.Http.HeaderDictionary",
            "Darkroom.Server.Http", "Darkroom.Server.Problems", "Darkroom.Server.Native");

    private static void Holds(string subject, params string[] unknown)
    {
        var types = Server.That().ResideInNamespaceStartingWith(subject);
        Assert.NotEmpty(types.GetTypes());
        var result = types.ShouldNot().HaveDependencyOnAny(unknown).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }
}
