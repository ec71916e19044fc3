// The rules' table is printed at preview too, so it lies where infra/ can use it.
export { alignColumns } from "../infra/columns.ts";
