import type { Location } from "../../../handlers/weather/observation/location.ts";

export const portoAlegre: Location = {
  id: "porto-alegre",
  name: "Porto Alegre",
  latitude: -30.0536,
  longitude: -51.1747,
  timeZone: "America/Sao_Paulo",
};

export const rioGrande: Location = {
  id: "rio-grande",
  name: "Rio Grande",
  latitude: -32.0335,
  longitude: -52.0991,
  timeZone: "America/Sao_Paulo",
};
